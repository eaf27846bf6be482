/** What surrounds the centre and every node that was expanded, read together. */
import { computed } from 'vue'
import { client } from '@/service/client'
import { useAnswer } from '@/service/useAnswer'
import { merged, netOf, type Net } from './net'
import type { Stage } from './layout'
import type { Steps } from './steps'

/** Nodes that one that is expanded brings along at most. */
const BRINGS = 150

export function useSurroundings(steps: Steps) {
  const at = computed(() => (steps.at.value ? { at: steps.at.value } : {}))
  const answer = useAnswer(
    () =>
      steps.of.value
        ? [
            'ego',
            steps.of.value,
            steps.depth.value,
            steps.limit.value,
            steps.also.value.join(),
            steps.at.value,
          ]
        : null,
    async (signal) => {
      const asked = [
        { id: steps.of.value, depth: steps.depth.value, limit: steps.limit.value },
        ...steps.also.value.map((id) => ({ id, depth: 1, limit: BRINGS })),
      ]
      const got = await Promise.all(asked.map((one) => around(one, signal)))
      const refused = got.find(({ response }) => !response.ok)
      if (refused) return { error: refused.error, response: refused.response }
      const nets = got.map(({ data }) => netOf(data!))
      const first = nets[0]!
      // Words lead here, too: what they mean is the node that stands first.
      const stages = nets.map((net): Stage => ({ around: net.nodes[0]?.id ?? '', net }))
      return {
        data: { stages, net: whole(nets), centre: first.nodes[0]?.id ?? '' },
        response: got[0]!.response,
      }
    },
  )

  function around({ id, depth, limit }: { id: string; depth: number; limit: number }, signal: AbortSignal) {
    return client.GET('/api/v1/network/ego/{id}', {
      params: { path: { id }, query: { depth, limit, ...at.value } },
      signal,
    })
  }

  return answer
}

/** That the centre was cut is said; that an expanded node brought only its nearest is not worth a word each time. */
function whole(nets: readonly Net[]): Net {
  return { ...merged(nets), cut: nets[0]?.cut ?? false }
}
