/** What places are called: short names on the map, full ones in words; in English the English name where there is one. */
import { computed } from 'vue'
import { client } from './client'
import { useAnswer } from './useAnswer'
import { language } from '@/words/language'

export function useNames() {
  const regions = useAnswer(
    ['provinces'],
    (signal) =>
      client.GET('/api/v1/network/tables/{table}', {
        params: {
          path: { table: 'regions' },
          query: { level__in: 'province,prefecture,county', columns: 'code,name', limit: 'all' } as never,
        },
        signal,
      }),
    { freshMs: Infinity },
  )
  const others = useAnswer(
    ['names'],
    (signal) =>
      client.GET('/api/v1/network/tables/{table}', {
        params: {
          path: { table: 'names' },
          query: { kind__in: 'short,english', columns: 'id,name,kind', limit: 'all' } as never,
        },
        signal,
      }),
    { freshMs: Infinity },
  )
  type Row = Record<string, string>
  const rows = (answer: { data: { value: unknown } }): Row[] =>
    (answer.data.value as { rows?: Row[] } | undefined)?.rows ?? []
  const full = computed(() => new Map(rows(regions).map((row) => [row['code']!, row['name']!])))
  const by = (kind: string) =>
    computed(
      () =>
        new Map(
          rows(others)
            .filter((row) => row['kind'] === kind)
            .map((row) => [row['id']!, row['name']!]),
        ),
    )
  const [shorts, english] = [by('short'), by('english')]

  return {
    short: (code: string, without?: string): string =>
      (language.value === 'en' ? english.value.get(code) : shorts.value.get(code)) ??
      full.value.get(code) ??
      without ??
      code,
    full: (code: string, without?: string): string => {
      const name = full.value.get(code) ?? without ?? code
      const other = english.value.get(code)
      return language.value === 'en' && other ? `${other} ${name}` : name
    },
  }
}
