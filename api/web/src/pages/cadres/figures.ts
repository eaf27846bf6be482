/** Figures of the page, and the rows of the table that each of them counts. */
import { writeConditions } from '@/pieces/big-table/question'
import type { Figures } from './useStaffing'

export type FigureName = 'posted' | 'first_secretaries' | 'with' | 'without' | 'ending' | 'overdue'
export const FIGURES: readonly FigureName[] = [
  'posted',
  'first_secretaries',
  'with',
  'without',
  'ending',
  'overdue',
]
export const UNITS: Record<FigureName, 'persons' | 'villages'> = {
  posted: 'persons',
  first_secretaries: 'persons',
  with: 'villages',
  without: 'villages',
  ending: 'persons',
  overdue: 'persons',
}

export function valueOf(figures: Figures, name: FigureName): number {
  return name === 'with' ? figures.villages - figures.without : figures[name]
}

/** Conditions of the table of postings whose rows a figure counts; undefined where they are no postings. */
export function rowsBehind(name: FigureName, at: string, by: string): string | undefined {
  const only = (...pairs: [string, string, string][]) =>
    writeConditions(pairs.map(([column, operator, value]) => ({ column, operator, value })))
  switch (name) {
    case 'posted':
      return only(['change', 'ne', 'leaves'])
    case 'first_secretaries':
      return only(['role', '', 'first_secretary'], ['change', 'ne', 'leaves'])
    case 'ending':
      return only(['due', 'gt', at], ['due', 'lte', by], ['change', 'ne', 'leaves'])
    case 'overdue':
      return only(['due', 'lte', at], ['change', 'ne', 'leaves'])
    default:
      return undefined
  }
}

/** `2017-07-01` → `2017 Q3`. */
export function quarterName(begins: string): string {
  return `${begins.slice(0, 4)} Q${Math.floor((Number(begins.slice(5, 7)) - 1) / 3) + 1}`
}

/** First day of the quarter behind one. */
export function quarterAfter(begins: string): string {
  const month = Number(begins.slice(5, 7)) + 3
  const year = Number(begins.slice(0, 4)) + (month > 12 ? 1 : 0)
  return `${year}-${String(((month - 1) % 12) + 1).padStart(2, '0')}-01`
}
