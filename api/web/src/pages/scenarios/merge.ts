/** Two people have edited one scenario: what the second had drafted, put on what the first has saved, value by value. */
import { type Draft, same } from './draft'
import type { Value } from './kinds'

export interface Meeting {
  name: string
  was: Value
  mine: Value
  theirs: Value
}

/** Values that both have changed, and not to the same. */
export function meetings(draft: Draft, holding: ReadonlyMap<string, Value>): Meeting[] {
  return Object.entries(draft.now.values).flatMap(([name, mine]) => {
    const was = draft.was[name] ?? null
    const theirs = holding.get(name) ?? null
    return same(was, theirs) || same(mine, theirs) ? [] : [{ name, was, mine, theirs }]
  })
}

/** The draft on the newest state: of each value that both have changed the one that is kept; where it is theirs nothing is sent. */
export function merged(
  draft: Draft,
  etag: string,
  holding: ReadonlyMap<string, Value>,
  keep: Readonly<Record<string, 'mine' | 'theirs'>>,
): Draft {
  const values: Record<string, Value> = {}
  const was: Record<string, Value> = {}
  for (const [name, mine] of Object.entries(draft.now.values)) {
    const theirs = holding.get(name) ?? null
    if (keep[name] === 'theirs' || same(mine, theirs)) continue
    values[name] = mine
    was[name] = theirs
  }
  return { ...draft, etag, now: { ...draft.now, values }, was, past: [], future: [] }
}
