/** Where a card's rows are from and which of them are marked. */
import type { Entry, Tie } from './ask'

export interface SourceCount {
  source: string
  marks: string[]
  rows: number
}

/** Sources of relations, those with most rows first. */
export function sourcesOf(ties: readonly Tie[]): SourceCount[] {
  const found = new Map<string, { rows: number; marks: Set<string> }>()
  for (const tie of ties) {
    const one = found.get(tie.source) ?? { rows: 0, marks: new Set<string>() }
    one.rows += 1
    if (tie.mark) one.marks.add(tie.mark)
    found.set(tie.source, one)
  }
  return [...found]
    .filter(([source]) => source)
    .map(([source, one]) => ({ source, rows: one.rows, marks: [...one.marks].sort() }))
    .sort((a, b) => b.rows - a.rows || a.source.localeCompare(b.source))
}

/** Every mark that occurs. */
export function marksOf(ties: readonly Tie[], entries: readonly Entry[]): string[] {
  const marks = [...ties.map((tie) => tie.mark), ...entries.map((entry) => entry.mark ?? '')]
  return [...new Set(marks.flatMap((mark) => mark.split(';')).filter(Boolean))].sort()
}
