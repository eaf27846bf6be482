/** Relations of a card in groups of one kind and one way: own first, then through places above, then through those below. */
import type { Place, Tie } from './ask'

export type Through = Tie['through']
export const WAYS: readonly Through[] = ['own', 'parent', 'child']

export interface Group {
  /** `kind/way`: its name in the address. */
  id: string
  kind: string
  through: Through
  /** Those in force first, then to come, then ended. */
  ties: Tie[]
  /** Number of ties by state. */
  counts: Record<Tie['state'], number>
}

const STATES: readonly Tie['state'][] = ['in_force', 'to_come', 'ended']

/** @param ended whether those that have ended are shown */
export function grouped(ties: readonly Tie[], ended: boolean): Group[] {
  const found = new Map<string, Group>()
  for (const tie of ties) {
    const id = `${tie.kind}/${tie.through}`
    const group = found.get(id) ?? {
      id,
      kind: tie.kind,
      through: tie.through,
      ties: [],
      counts: { in_force: 0, to_come: 0, ended: 0 },
    }
    group.counts[tie.state] += 1
    if (ended || tie.state !== 'ended') group.ties.push(tie)
    found.set(id, group)
  }
  const groups = [...found.values()].filter((group) => group.ties.length > 0)
  for (const group of groups)
    group.ties.sort((a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state) || later(a, b))
  return groups.sort((a, b) => WAYS.indexOf(a.through) - WAYS.indexOf(b.through))
}

function later(a: Tie, b: Tie): number {
  return (b.since ?? '').localeCompare(a.since ?? '')
}

/** Those of the place's own that hold on the day. */
export function ownInForce(ties: readonly Tie[]): Tie[] {
  return ties.filter((tie) => tie.through === 'own' && tie.state === 'in_force')
}

/** The other end, seen from a place: who supports it, or whom it supports. */
export function otherEnd(tie: Tie, side: 'supported_by' | 'supports'): Place {
  return side === 'supported_by' ? tie.supporter : tie.recipient
}

/** The end at which the place itself stands, or that is above or below it. */
export function thisEnd(tie: Tie, side: 'supported_by' | 'supports'): Place {
  return side === 'supported_by' ? tie.recipient : tie.supporter
}

/** How many relations have ended. */
export function endedOf(ties: readonly Tie[]): number {
  return ties.filter((tie) => tie.state === 'ended').length
}
