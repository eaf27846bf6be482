/** A big table's question in the address, so that a link shows the same rows; several tables on a page have names of their own. */
import { computed } from 'vue'
import { useAddress, useAddressList, useAddressNumber } from '@/address/useAddress'
import type { Column } from '@/service/network'
import {
  type Condition,
  type Question,
  readConditions,
  readSorting,
  type Sorting,
  writeConditions,
  writeSorting,
} from './question'

/**
 * @param columns all columns of the table
 * @param shown names of those that are shown where the address says nothing
 * @param name before the parameters in the address; empty where a page has one table
 */
export function useQuestion(columns: () => readonly Column[], shown: () => readonly string[], name: string) {
  const where = useAddress(`${name}where`)
  const sort = useAddress(`${name}sort`)
  const by = useAddressList(`${name}by`)
  const chosen = useAddressList(`${name}cols`)
  const open = useAddress(`${name}open`, '', 'quiet')
  const row = useAddressNumber(`${name}row`, 0, 'quiet')
  const known = computed(() => new Set(columns().map((column) => column.name)))

  const question = computed<Question>(() => ({
    where: readConditions(where.value, columns()),
    sort: readSorting(sort.value, columns()),
    by: by.value.filter((column) => known.value.has(column)),
    columns: (chosen.value.length ? chosen.value : shown()).filter((column) => known.value.has(column)),
  }))

  return {
    question,
    row,
    /** Keys of the groups that are open. */
    open: computed({
      get: () => new Set(open.value ? open.value.split('~') : []),
      set: (keys: ReadonlySet<string>) => (open.value = [...keys].join('~')),
    }),
    setWhere: (next: readonly Condition[]) => (where.value = writeConditions(next)),
    setSort: (next: readonly Sorting[]) => (sort.value = writeSorting(next)),
    setBy: (next: readonly string[]) => (by.value = [...next]),
    setColumns: (next: readonly string[]) => (chosen.value = next.join() === shown().join() ? [] : [...next]),
  }
}
