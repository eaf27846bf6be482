/**
 * Edits of a scenario that are not sent yet: values set or taken away, changes added or taken away; each step can be undone. A draft
 * knows from which state it was made and what stood there, so that what somebody else has changed meanwhile can be told value by value.
 */
import type { Change, Value } from './kinds'

export interface Step {
  /** `stage.key` → its new value. */
  values: Record<string, Value>
  /** Changes to add. */
  add: Change[]
  /** Changes of the scenario's own file to take away, by what they say: numbers move when somebody else edits. */
  drop: Change[]
}

export interface Draft {
  /** The state that it was made from. */
  etag: string
  now: Step
  /** `stage.key` → what held in that state, of every value in `now`. */
  was: Record<string, Value>
  /** Steps back and forward. */
  past: Step[]
  future: Step[]
  why: string
}

const MOST_STEPS = 200
export const NOTHING: Step = { values: {}, add: [], drop: [] }

export function begun(etag: string): Draft {
  return { etag, now: NOTHING, was: {}, past: [], future: [], why: '' }
}

/** Whether two values are the same, however they were made. */
export function same(a: unknown, b: unknown): boolean {
  return text(a) === text(b)
}

/** A value as text, names in order, so that equal values have equal texts. */
export function text(value: unknown): string {
  return JSON.stringify(value, (_, v: unknown) =>
    v && typeof v === 'object' && !Array.isArray(v)
      ? Object.fromEntries(Object.entries(v).sort(([x], [y]) => (x < y ? -1 : 1)))
      : v,
  )
}

/** How many edits are in it. */
export function count(draft: Draft): number {
  return Object.keys(draft.now.values).length + draft.now.add.length + draft.now.drop.length
}

function stepped(draft: Draft, now: Step, was = draft.was): Draft {
  return { ...draft, now, was, past: [...draft.past, draft.now].slice(-MOST_STEPS), future: [] }
}

/** Set a value; `holding` is what holds in the state that is edited. Setting it back takes it out of the draft. */
export function put(draft: Draft, name: string, value: Value, holding: Value, own: boolean): Draft {
  const values = { ...draft.now.values }
  if (value === null ? !own : same(value, holding)) delete values[name]
  else values[name] = value
  if (same(values, draft.now.values)) return draft
  return stepped(draft, { ...draft.now, values }, { ...draft.was, [name]: holding })
}

export function addChange(draft: Draft, change: Change): Draft {
  return stepped(draft, { ...draft.now, add: [...draft.now.add, change] })
}

/** Take away a change that was only drafted. */
export function dropAdded(draft: Draft, at: number): Draft {
  return stepped(draft, { ...draft.now, add: draft.now.add.filter((_, i) => i !== at) })
}

/** Take away a change that stands in the file, or leave it there after all. */
export function toggleDrop(draft: Draft, change: Change): Draft {
  const there = draft.now.drop.some((one) => same(one, change))
  const drop = there ? draft.now.drop.filter((one) => !same(one, change)) : [...draft.now.drop, change]
  return stepped(draft, { ...draft.now, drop })
}

export function undo(draft: Draft): Draft {
  const before = draft.past.at(-1)
  if (!before) return draft
  return { ...draft, now: before, past: draft.past.slice(0, -1), future: [draft.now, ...draft.future] }
}

export function redo(draft: Draft): Draft {
  const [next, ...rest] = draft.future
  if (!next) return draft
  return { ...draft, now: next, past: [...draft.past, draft.now], future: rest }
}

export interface Patch {
  values: Record<string, Value>
  add_changes: Change[]
  drop_changes: number[]
  why: string
}

/** What is sent; `own`: the changes of the scenario's own file as they stand now, in order. */
export function patchOf(draft: Draft, own: readonly Change[]): Patch {
  const drop = draft.now.drop.map((change) => own.findIndex((one) => same(one, change)) + 1)
  return {
    values: draft.now.values,
    add_changes: draft.now.add,
    drop_changes: drop.filter((number) => number > 0),
    why: draft.why,
  }
}

/**
 * Cells of one row set to values: put together with what the draft or the file already sets in that row, as no two changes of one
 * file may change the same cell.
 */
export function setCells(draft: Draft, own: readonly Change[], change: Change): Draft {
  const alike = (one: Change) =>
    one['table'] === change['table'] && same(one['where'], change['where']) && one['set'] !== undefined
  const dropped = (one: Change) => draft.now.drop.some((d) => same(d, one))
  const stands = own.filter((one) => alike(one) && !dropped(one))
  const drafted = draft.now.add.filter(alike)
  const set = Object.assign({}, ...[...stands, ...drafted, change].map((one) => one['set'])) as object
  const add = [...draft.now.add.filter((one) => !alike(one)), { ...change, set }]
  return stepped(draft, { ...draft.now, add, drop: [...draft.now.drop, ...stands] })
}
