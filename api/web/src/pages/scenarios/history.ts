/** Undo and redo of edits that are saved: each is a restoring of an earlier state, so that nothing is ever lost. */
import type { Edit } from './kinds'

/** Whose content a state has: that of the edit which it restored, or its own. */
function content(edits: ReadonlyMap<number, Edit>, revision: number): number {
  let at = revision
  for (let steps = 0; steps < edits.size; steps++) {
    const of = edits.get(at)?.of
    if (of == null) break
    at = of
  }
  return at
}

/** Edits that made something new, the oldest first; states without content (deletions) are none of them. */
function makings(edits: readonly Edit[]): number[] {
  return edits
    .filter((e) => e.of == null && e.what !== 'deleted')
    .map((e) => e.revision)
    .sort((a, b) => a - b)
}

/** The states that one step back and one step forward restore; none where there is no further step. */
export function steps(edits: readonly Edit[]): { back: number | null; forward: number | null } {
  const known = new Map(edits.map((e) => [e.revision, e]))
  const newest = edits.reduce<Edit | null>((top, e) => (!top || e.revision > top.revision ? e : top), null)
  if (!newest || newest.what === 'deleted') return { back: null, forward: null }
  const here = content(known, newest.revision)
  const made = makings(edits)
  const at = made.indexOf(here)
  const forward = newest.of == null ? null : (made[at + 1] ?? null)
  return { back: at > 0 ? (made[at - 1] ?? null) : null, forward }
}

export interface DiffLine {
  kind: 'in' | 'out' | 'same' | 'place'
  text: string
}

const SIGNS: Record<string, DiffLine['kind']> = { '+': 'in', '-': 'out', '@': 'place' }

/** The lines of a unified difference, without its head. */
export function diffLines(difference: string): DiffLine[] {
  return difference
    .split('\n')
    .filter((line) => line !== '' && !/^(---|\+\+\+)( |$)/.test(line) && !line.startsWith('\\'))
    .map((line) => {
      const kind = SIGNS[line[0]!] ?? 'same'
      return { kind, text: kind === 'place' ? line : line.slice(1) }
    })
}
