/** What stands below a card's charts and on its paper. */
import { computed, type ComputedRef, type Ref, toValue, type MaybeRefOrGetter } from 'vue'
import type { Stamp } from '@/chart/stamp'
import { useNetwork } from '@/service/network'
import type { Entry, Tie } from './ask'
import { marksOf, sourcesOf } from './marks'

export function useStamp(
  at: Ref<string>,
  ties: MaybeRefOrGetter<readonly Tie[]>,
  entries: MaybeRefOrGetter<readonly Entry[]>,
): ComputedRef<Omit<Stamp, 'title'>> {
  const network = useNetwork()
  return computed(() => ({
    date: at.value,
    network: network.about.data.value?.name ?? '',
    version: network.about.data.value?.version ?? '',
    sources: sourcesOf(toValue(ties)).map((one) => one.source),
    marks: marksOf(toValue(ties), toValue(entries)).map(
      (mark) => network.enums.get('mark')?.get(mark) ?? { zh: mark, en: mark },
    ),
  }))
}
