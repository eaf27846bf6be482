/** What is looked at on the overview; all of it stands in the address. */
import { computed } from 'vue'
import { useAddress, useAddressList } from '@/address/useAddress'
import { useNetwork } from '@/service/network'

export type Width = 'relations' | 'delivered' | 'pledged'

export function useOverview() {
  const network = useNetwork()
  const at = useAddress('at')
  const since = useAddress('since')
  const until = useAddress('until')
  const kinds = useAddressList('kind')
  const measure = useAddress('measure', 'poverty_incidence')
  const width = useAddress('width', 'relations')
  const chosen = useAddress('sel')
  const ended = useAddress('ended')
  const view = useAddress('view', '', 'quiet')
  const plan = useAddress('plan')
  /** The day that is looked at: the one in the address, else the network's. */
  const day = computed(() => at.value || network.about.data.value?.date || '')
  const range = computed(() =>
    since.value || until.value ? { since: since.value, until: until.value } : undefined,
  )
  /** What questions about relations ask for. */
  const asked = computed(() => ({
    ...(range.value
      ? { ...(since.value && { since: since.value }), ...(until.value && { until: until.value }) }
      : at.value
        ? { at: at.value }
        : {}),
    ...(kinds.value.length ? { kind: kinds.value } : {}),
  }))
  const year = computed(() => Number((range.value?.until || day.value).slice(0, 4)) || undefined)
  return { at, since, until, kinds, measure, width, chosen, ended, view, plan, day, range, asked, year }
}

export type Overview = ReturnType<typeof useOverview>
