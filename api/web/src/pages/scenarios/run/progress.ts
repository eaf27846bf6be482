/** What a running plan has told, as stages to show and a curve to draw. */
import type { JobEvent } from '@/service/jobs'

export interface StageRun {
  name: string
  state: 'waiting' | 'running' | 'done' | 'found' | 'broken'
  status: string
  label: string
  seconds: number | null
  gap: number | null
}

export interface Point {
  /** Seconds since the plan was begun. */
  seconds: number
  stage: string
  label: string
  objective: number | null
  bound: number | null
}

/** The stages in their order, each as it stands; `over`: the job has ended, so that what has not come to its end never will. */
export function stagesOf(events: readonly JobEvent[], over = false): StageRun[] {
  const listed = events.find((e) => Array.isArray(e['stages']))?.['stages'] as string[] | undefined
  const runs = new Map<string, StageRun>()
  for (const name of listed ?? [])
    runs.set(name, { name, state: 'waiting', status: '', label: '', seconds: null, gap: null })
  for (const event of events) {
    const run = event.stage ? runs.get(event.stage) : undefined
    if (!run) continue
    run.state =
      event.state === 'done'
        ? 'done'
        : event.state === 'found'
          ? 'found'
          : run.state === 'waiting'
            ? 'running'
            : run.state
    run.label = event.label || run.label
    run.gap = event.gap ?? run.gap
    run.status = (event['status'] as string | undefined) ?? run.status
    run.seconds = (event['seconds'] as number | undefined) ?? run.seconds
  }
  const broken = (run: StageRun): StageRun =>
    over && run.state === 'running' ? { ...run, state: 'broken' } : run
  return [...runs.values()].map(broken)
}

/** The share of the whole that is done (0–1). */
export function shareOf(events: readonly JobEvent[]): number {
  for (let i = events.length - 1; i >= 0; i--) {
    const share = events[i]!.share
    if (share != null) return share
  }
  return 0
}

/** The curve: every event that bears an objective or a bound (thousandths of a point, told here in points). */
export function pointsOf(events: readonly JobEvent[], since?: string | null): Point[] {
  const start = Date.parse(since ?? events[0]?.at ?? '')
  return events
    .filter((e) => e.stage && (e.objective != null || e.bound != null))
    .map((e) => ({
      seconds: Math.max(0, (Date.parse(e.at) - start) / 1000),
      stage: e.stage!,
      label: e.label ?? '',
      objective: e.objective == null ? null : e.objective / 1000,
      bound: e.bound == null ? null : e.bound / 1000,
    }))
}

/** Parts of a stage have scales of their own, and only points of one scale make a curve. */
export function curves(points: readonly Point[], stage: string): Map<string, Point[]> {
  const found = new Map<string, Point[]>()
  for (const point of points)
    if (point.stage === stage) found.set(point.label, [...(found.get(point.label) ?? []), point])
  return found
}
