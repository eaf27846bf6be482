/** Rows of a table that belong to a card. */
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { askRows, type RowPage, type TableName } from '@/service/rows'
import { type Answer, useAnswer } from '@/service/useAnswer'

/** @param where conditions; `null`: nothing is asked */
export function useRows<R>(
  table: TableName,
  where: MaybeRefOrGetter<Record<string, string> | null>,
  how: { sort?: string; limit?: string; columns?: string } = {},
): Answer<RowPage<R>> {
  const asked = computed(() => toValue(where))
  return useAnswer(
    () => (asked.value ? ['rows', table, asked.value, how] : null),
    (signal) => askRows<R>(table, asked.value ?? {}, signal, how),
    { keep: false },
  )
}
