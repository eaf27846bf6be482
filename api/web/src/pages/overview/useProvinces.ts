/** Who supports whom from province to province, as the overview asks: one answer for its map and what stands beside it. */
import { client } from '@/service/client'
import { useAnswer } from '@/service/useAnswer'
import type { Overview } from './state'

export function useProvinces(state: Overview) {
  return useAnswer(
    () => ['ribbons', 'province', state.asked.value],
    (signal) =>
      client.GET('/api/v1/network/ribbons', {
        params: { query: { level: 'province', ...state.asked.value } },
        signal,
      }),
  )
}
