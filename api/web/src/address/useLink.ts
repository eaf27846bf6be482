/** Addresses of what is spoken of, with the date that is looked at, so that it stays the same from page to page. */
import type { RouteLocationRaw } from 'vue-router'
import { useRoute } from 'vue-router'

/** What goes along from page to page. */
const KEPT = ['at', 'plan'] as const

export function useLink() {
  const route = useRoute()
  const kept = () =>
    Object.fromEntries(
      KEPT.filter((name) => route.query[name]).map((name) => [name, route.query[name] as string]),
    )

  /** The card of a region, unit or relation. */
  function card(id: string): RouteLocationRaw {
    return { name: 'cards', params: { id }, query: kept() }
  }

  /** A page, with further state of its own. */
  function page(name: string, query: Record<string, string> = {}): RouteLocationRaw {
    return { name, query: { ...kept(), ...query } }
  }

  /** What surrounds a region or unit in the network. */
  const around = (id: string) => page('network', { look: 'ego', of: id })

  /** What breaks if a supporter withdraws. */
  const withdrawal = (id: string) => page('network', { look: 'withdrawal', of: id })

  return { card, page, around, withdrawal }
}
