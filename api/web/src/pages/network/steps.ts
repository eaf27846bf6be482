/** Where one is on the page: all of it in the address, so that each step can be undone, and sent to a colleague. */
import { computed } from 'vue'
import { type LocationQueryRaw, type RouteLocationRaw, useRoute, useRouter } from 'vue-router'
import { useAddress, useAddressList, useAddressNumber } from '@/address/useAddress'

export const LOOKS = ['regions', 'ego', 'paths', 'withdrawal', 'structure'] as const
export type Look = (typeof LOOKS)[number]
export const PICTURES = ['auto', 'force', 'tree'] as const

/** How far, and with how many nodes, the surroundings are drawn where the address does not say. */
const DEPTH = 1
const LIMIT = 200
/** More than that the service does not give at once. */
export const MOST = 5000

/** What belongs to one centre and goes when another is chosen. */
const OF_CENTRE = { also: null, hide: null, selected: null, step: null, cell: null }

export function useSteps() {
  const route = useRoute()
  const router = useRouter()
  const asked = useAddress('look')
  const look = computed<Look>(() => LOOKS.find((one) => one === asked.value) ?? 'regions')

  /** The address with some of it changed; null takes a value out. */
  const there = (changes: LocationQueryRaw): RouteLocationRaw => ({
    query: { ...route.query, ...changes },
  })

  return {
    look,
    /** Who is in the middle, and the other end of paths. */
    of: useAddress('of'),
    to: useAddress('to'),
    at: useAddress('at'),
    /** Whether what has ended is drawn, too. */
    ended: useAddress('ended'),
    depth: useAddressNumber('depth', DEPTH),
    limit: useAddressNumber('limit', LIMIT),
    picture: useAddress('picture', 'auto'),
    /** Nodes that were expanded, in that order, and nodes that were hidden. */
    also: useAddressList('also'),
    hide: useAddressList('hide'),
    /** Kinds of relations that are left out. */
    without: useAddressList('without'),
    selected: useAddress('selected', '', 'quiet'),
    /** The pair of provinces that is spoken of: `from:to`; whether it is drawn pair by pair. */
    cell: useAddress('cell', '', 'quiet'),
    open: useAddress('open'),
    measure: useAddress('measure', 'relations'),
    inside: useAddress('inside'),
    /** How far the withdrawal has gone. */
    step: useAddress('step', '', 'quiet'),
    there,
    looking: (at: Look) => there({ look: at === 'regions' ? null : at, step: null, open: null }),
    around: (id: string) => there({ look: 'ego', of: id, ...OF_CENTRE, open: null }),
    leaving: (id: string) => there({ look: 'withdrawal', of: id, ...OF_CENTRE, open: null }),
    between: (a: string, b: string | null) =>
      there({ look: 'paths', of: a, to: b, ...OF_CENTRE, open: null }),
    go: (where: RouteLocationRaw) => void router.push(where),
  }
}

export type Steps = ReturnType<typeof useSteps>
