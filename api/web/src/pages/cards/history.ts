/** What has happened with a place or a pair, by day. */
import type { Place, Tie } from './ask'

export type What = 'begun' | 'ended' | 'renamed' | 'document' | 'named'

export interface Event {
  /** ISO; empty: not known. */
  day: string
  what: What
  kind?: string
  supporter?: Place
  recipient?: Place
  /** Id of a relation, for its card. */
  relation?: string
  text?: string
  /** After the day that is looked at. */
  ahead: boolean
  mark?: string
}

export interface Succession {
  old: string
  new: string
  since: string | null
}

export interface Paper {
  id: string
  title: string
  date: string | null
  mark: string | null
}

/** The newest first, what has no day at the end. Only relations of the place itself are told. */
export function historyOf(
  ties: readonly Tie[],
  changes: readonly Succession[],
  papers: readonly Paper[],
  at: string,
): Event[] {
  const events: Event[] = []
  for (const tie of ties.filter((one) => one.through === 'own')) {
    const of = {
      kind: tie.kind,
      supporter: tie.supporter,
      recipient: tie.recipient,
      relation: tie.id,
      mark: tie.mark,
    }
    events.push({ day: tie.since ?? '', what: 'begun', ahead: (tie.since ?? '') > at, ...of })
    if (tie.until) events.push({ day: tie.until, what: 'ended', ahead: tie.until > at, ...of })
  }
  for (const change of changes)
    events.push({
      day: change.since ?? '',
      what: 'renamed',
      text: `${change.old} → ${change.new}`,
      ahead: (change.since ?? '') > at,
    })
  for (const paper of papers)
    events.push({
      day: paper.date ?? '',
      what: 'document',
      text: paper.title,
      ahead: (paper.date ?? '') > at,
      mark: paper.mark ?? '',
    })
  return events.sort((a, b) => b.day.localeCompare(a.day))
}
