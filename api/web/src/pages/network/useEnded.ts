/** Relations of the centre that have ended by the day that is looked at, where they are asked for. */
import { computed } from 'vue'
import { client } from '@/service/client'
import { useAnswer } from '@/service/useAnswer'
import type { Link, Net, Node } from './net'
import type { Steps } from './steps'

const NOTHING: Net = { nodes: [], links: [], cut: false }

export function useEnded(steps: Steps) {
  const asked = computed(() => steps.ended.value === 'yes' && steps.of.value !== '')
  const card = useAnswer(
    () => (asked.value ? ['card', steps.of.value, steps.at.value] : null),
    (signal) =>
      client.GET('/api/v1/network/cards/{id}', {
        params: { path: { id: steps.of.value }, query: steps.at.value ? { at: steps.at.value } : {} },
        signal,
      }),
    { keep: false },
  )
  return computed<Net>(() => {
    const read = asked.value ? card.data.value : undefined
    if (!read) return NOTHING
    const ties = [...read.supported_by, ...read.supports].filter(
      ({ state, through }) => state === 'ended' && through === 'own',
    )
    const nodes = new Map<string, Node>(
      ties.flatMap((tie) => [tie.supporter, tie.recipient]).map((one) => [one.id, one]),
    )
    const links = ties.map((tie): Link => ({
      source: tie.supporter.id,
      target: tie.recipient.id,
      kind: tie.kind,
      relation: tie.id,
      mark: tie.mark,
      ended: true,
    }))
    return { nodes: [...nodes.values()], links, cut: false }
  })
}
