/** Support summed up to a level of regions. */
import { computed } from 'vue'
import { client } from '@/service/client'
import { useAnswer } from '@/service/useAnswer'
import { useNames } from '@/service/useNames'
import type { Ribbons } from './ribbons'

/** Of the whole network, or of what has one end within a place; `level: null` asks nothing. */
export function useRibbons(asked: () => { level: string | null; within?: string; at: string }) {
  const names = useNames()
  const answer = useAnswer<Ribbons>(
    () => (asked().level ? ['ribbons', asked()] : null),
    (signal) => {
      const { level, within, at } = asked()
      const query = { level: level!, ...(within ? { within } : {}), ...(at ? { at } : {}) }
      return client.GET('/api/v1/network/ribbons', { params: { query }, signal })
    },
  )
  /** Places by their short names in the language that is chosen. */
  const named = computed(() => {
    const found = answer.data.value
    return (
      found && {
        ...found,
        places: found.places.map((one) => ({ ...one, name: names.short(one.code, one.name) })),
      }
    )
  })
  return { ...answer, data: named }
}
