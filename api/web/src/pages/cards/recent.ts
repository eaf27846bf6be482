/** Cards that were looked at last; kept in this browser. */
import { useStorage } from '@vueuse/core'

export interface Seen {
  id: string
  name: string
  level: string
}
const MOST = 8

export const recent = useStorage<Seen[]>('jiedui.cards', [])

export function seen(card: Seen): void {
  const others = recent.value.filter((one) => one.id !== card.id)
  recent.value = [card, ...others].slice(0, MOST)
}
