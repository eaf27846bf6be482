/** What is looked at on the page of cadres; all of it stands in the address. */
import { computed } from 'vue'
import { useAddress, useAddressNumber } from '@/address/useAddress'
import type { Stamp } from '@/chart/stamp'
import { got, type Groups } from '@/pieces/big-table/ask'
import { client } from '@/service/client'
import type { components } from '@/service/contract'
import { useNetwork } from '@/service/network'
import { useAnswer } from '@/service/useAnswer'
import { said } from '@/words/language'

export type Staffing = components['schemas']['Staffing']
export type Figures = components['schemas']['Figures']
export type Team = components['schemas']['Team']
export type Seat = components['schemas']['Seat']

export const MONTHS = [3, 6, 12, 24] as const

export function useStaffing() {
  const network = useNetwork()
  const at = useAddress('at')
  const plan = useAddress('plan')
  const months = useAddressNumber('months', 12)
  const region = useAddress('region')
  const county = useAddress('county')

  const asked = computed(() => ({
    months: months.value,
    ...(at.value && { at: at.value }),
    ...(region.value && { region: region.value }),
  }))
  const inForce = useAnswer(
    () => ['staffing', asked.value],
    (signal) => client.GET('/api/v1/network/staffing', { params: { query: asked.value }, signal }),
  )
  const planned = useAnswer(
    () => (plan.value ? ['staffing', asked.value, plan.value] : null),
    (signal) =>
      client.GET('/api/v1/network/staffing', {
        params: { query: { ...asked.value, plan: plan.value } },
        signal,
      }),
  )
  /** Parameters of the table of postings itself. */
  const fixed = computed<Record<string, string>>(() => ({
    ...(at.value && { at: at.value }),
    ...(plan.value && { plan: plan.value }),
  }))
  const marks = useAnswer<Groups>(
    () => ['posted marks', fixed.value],
    (signal) =>
      got(`/api/v1/network/posted/groups?${new URLSearchParams({ ...fixed.value, by: 'mark' })}`, signal),
  )

  /** What stands below a chart that leaves the house. */
  function stampOf(title: string): Stamp {
    const about = network.about.data.value
    const titles = network.enums.get('mark')
    const found = marks.data.value?.groups.map((group) => String(group.values['mark'] ?? '')) ?? []
    return {
      title,
      date: at.value || about?.date || '',
      network: about?.name ?? '',
      version: about?.version ?? '',
      ...(plan.value && { plan: plan.value }),
      sources: ['village_posts', 'postings', 'cadres'].map((one) => said(network.tables.get(one)?.title)),
      marks: found.flatMap((code) => titles?.get(code) ?? []),
    }
  }

  return { at, plan, months, region, county, inForce, planned, fixed, marks, stampOf }
}
