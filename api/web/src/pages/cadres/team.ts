/** A county's team laid out: villages down, posts across. */
import type { Seat } from './useStaffing'

export interface TeamVillage {
  village: string
  name: string
  tier: number | null
  language: string | null
  seats: Map<string, Seat>
}

export type State = 'vacant' | 'partly' | 'ending' | 'filled' | 'beyond'
/** What wants attention first. */
export const STATES: readonly State[] = ['vacant', 'partly', 'ending', 'filled', 'beyond']

export function villagesOf(seats: readonly Seat[]): TeamVillage[] {
  const found = new Map<string, TeamVillage>()
  for (const seat of seats) {
    const known = found.get(seat.village) ?? {
      village: seat.village,
      name: seat.village_name ?? seat.village,
      tier: seat.tier,
      language: seat.language,
      seats: new Map<string, Seat>(),
    }
    found.set(seat.village, known)
    known.seats.set(seat.post, seat)
    if (seat.tier !== null && (known.tier === null || seat.tier < known.tier)) known.tier = seat.tier
  }
  return [...found.values()]
}

/** Posts in the order in which they first stand. */
export function postsOf(seats: readonly Seat[]): { post: string; role: string | null }[] {
  const found = new Map(seats.map((seat) => [seat.post, seat.role]))
  const leader = (role: string | null) => (role === 'first_secretary' ? 0 : 1)
  return [...found]
    .map(([post, role]) => ({ post, role }))
    .sort((a, b) => leader(a.role) - leader(b.role) || a.post.localeCompare(b.post))
}

export function countStates(seats: readonly Seat[]): Map<State, number> {
  const found = new Map<State, number>()
  for (const seat of seats) found.set(seat.state as State, (found.get(seat.state as State) ?? 0) + 1)
  return found
}

/** People who are in a seat, without those whom the plan takes away. */
export function staying(seat: Seat): Seat['people'] {
  return seat.people.filter((person) => person.change !== 'leaves')
}
