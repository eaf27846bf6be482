/** Findings as a card shows them. */
import type { components } from '@/service/contract'

export type Finding = components['schemas']['Finding']
const GRAVE = ['severe', 'medium', 'low']

/** Past its day, and still to be mended. */
export function isOverdue(one: Finding, at: string): boolean {
  return !!one.due && one.due < at && ['open', 'assigned', 'reopened'].includes(one.status ?? '')
}

/** What is not closed first, then what is overdue, the gravest, the earliest due. */
export function openFirst(findings: readonly Finding[], at: string): Finding[] {
  const rank = (one: Finding) => [
    one.status === 'closed' ? 1 : 0,
    isOverdue(one, at) ? 0 : 1,
    GRAVE.indexOf(one.severity ?? ''),
  ]
  return [...findings].sort((a, b) => {
    const [left, right] = [rank(a), rank(b)]
    const place = left.findIndex((value, at) => value !== right[at])
    return place < 0 ? (a.due ?? '').localeCompare(b.due ?? '') : left[place]! - right[place]!
  })
}
