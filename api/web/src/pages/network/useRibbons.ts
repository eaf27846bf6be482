/** Support summed up to a level of regions. */
import { client } from '@/service/client'
import { useAnswer } from '@/service/useAnswer'
import type { Ribbons } from './ribbons'

/** Of the whole network, or of what has one end within a place; `level: null` asks nothing. */
export function useRibbons(asked: () => { level: string | null; within?: string; at: string }) {
  return useAnswer<Ribbons>(
    () => (asked().level ? ['ribbons', asked()] : null),
    (signal) => {
      const { level, within, at } = asked()
      const query = { level: level!, ...(within ? { within } : {}), ...(at ? { at } : {}) }
      return client.GET('/api/v1/network/ribbons', { params: { query }, signal })
    },
  )
}
