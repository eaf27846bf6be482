/** What is known of the network that is looked at: its name, version, date, levels; and the schema's titles. */
import { defineStore } from 'pinia'
import { computed, markRaw } from 'vue'
import { said } from '@/words/language'
import { client } from './client'
import type { components } from './contract'
import { useAnswer } from './useAnswer'

type Schemas = components['schemas']
export type Column = Schemas['Schema']['tables'][number]['columns'][number]

export const useNetwork = defineStore('network', () => {
  const about = useAnswer(['network'], (signal) => client.GET('/api/v1/network', { signal }), {
    freshMs: 10_000,
  })
  const schema = useAnswer(['schema'], (signal) => client.GET('/api/v1/schema', { signal }), {
    freshMs: Infinity,
  })
  const me = useAnswer(['me'], (signal) => client.GET('/api/v1/me', { signal }), { freshMs: Infinity })
  const tables = computed(
    () =>
      new Map(
        [...(schema.data.value?.tables ?? []), ...(schema.data.value?.results ?? [])].map((t) => [t.name, t]),
      ),
  )
  const enums = computed(() => {
    const all = schema.data.value?.enums ?? {}
    return new Map(
      Object.entries(all).map(([name, values]) => [name, new Map(values.map((v) => [v.value, v.title]))]),
    )
  })

  /** What a value of an enumeration is called: `titleOf('relation_kind', 'east_west')`. */
  function titleOf(of: string, value: string | null | undefined): string {
    if (!value) return ''
    return said(enums.value.get(of)?.get(value)) || value
  }

  /** A column of a table, with its title and unit. */
  function column(table: string, name: string): Column | undefined {
    return tables.value.get(table)?.columns.find((one) => one.name === name)
  }

  // As they are: a store would unwrap what is inside, and answers are handed on whole.
  return { about: markRaw(about), schema: markRaw(schema), me: markRaw(me), tables, enums, titleOf, column }
})
