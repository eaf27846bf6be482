/** Jobs of the service: ordered, followed by their events, cancelled, and what came of them. */
import { answered, client } from './client'
import type { components, paths } from './contract'
import { Refused } from './problem'

type Schemas = components['schemas']
export type Job = Schemas['Job']
export type JobError = Schemas['JobError']
export type JobEvent = Schemas['Told'] & Record<string, unknown>

type Ordering = `/api/v1/jobs/${string}` & keyof paths
/** Kinds that can be ordered. */
export type JobKind = {
  [P in Ordering]: P extends `/api/v1/jobs/${infer K}` ? (K extends `{${string}` ? never : K) : never
}[Ordering]

/** Order a job. `key` makes sure that the same order, sent twice, is done once. */
export function order(kind: JobKind, given: Record<string, unknown>, key?: string): Promise<Job> {
  const path = `/api/v1/jobs/${kind}` as '/api/v1/jobs/plan'
  const headers = key ? { 'Idempotency-Key': key } : {}
  return answered(
    client.POST(path, { body: given as never, params: { header: headers as never } }) as Promise<{
      data?: Job
      error?: unknown
      response: Response
    }>,
  )
}

export function job(id: string, signal?: AbortSignal): Promise<Job> {
  return answered(client.GET('/api/v1/jobs/{id}', { params: { path: { id } }, ...(signal && { signal }) }))
}

export function cancel(id: string): Promise<Job> {
  return answered(client.DELETE('/api/v1/jobs/{id}', { params: { path: { id } } }))
}

/** What the command answered; of the kind's own shape. */
export async function result<T>(id: string): Promise<T> {
  return (await answered(client.GET('/api/v1/jobs/{id}/result', { params: { path: { id } } }))) as T
}

/** What it said beside; empty where it said nothing yet. */
export async function logOf(id: string): Promise<string> {
  const asked = client.GET('/api/v1/jobs/{id}/log', { params: { path: { id } }, parseAs: 'text' })
  return answered(asked as Promise<{ data?: string; response: Response }>).catch((error: unknown) => {
    if (error instanceof Refused && error.problem.status === 404) return ''
    throw error
  })
}

export const isOpen = (state: Job['state']): boolean => state === 'waiting' || state === 'running'

/** Waits so long before it asks again after the service went away (ms), twice as long each time, never longer than `MOST_MS`. */
const FIRST_MS = 1_000
const MOST_MS = 15_000
/** A stream that does not stand again after so long is told as lost (ms). */
const LOST_MS = 3_000

export interface Following {
  /** Each event once, with its number. */
  event: (kind: 'state' | 'progress', number: number, told: JobEvent) => void
  /** Whether the stream stands. */
  connected: (now: boolean) => void
  /** Nothing will come any more. */
  ended: () => void
}

/**
 * Follow a job behind the event `after`. The browser itself goes on behind its last event when a stream ends; where the service is
 * gone for longer, or answers that nothing will come, this looks the job up and begins again behind the last event.
 *
 * @returns ends it
 */
export function follow(id: string, heard: Following, after = 0): () => void {
  let last = after
  let source: EventSource | undefined
  let clock: ReturnType<typeof setTimeout> | undefined
  let away: ReturnType<typeof setTimeout> | undefined
  let wait = FIRST_MS
  let over = false

  function end(): void {
    over = true
    source?.close()
    clearTimeout(clock)
    clearTimeout(away)
  }

  function take(kind: 'state' | 'progress', message: MessageEvent<string>): void {
    const number = Number(message.lastEventId)
    if (number <= last) return
    last = number
    wait = FIRST_MS
    const told = JSON.parse(message.data) as JobEvent
    heard.event(kind, number, told)
    if (kind === 'state' && told.state && !isOpen(told.state as Job['state'])) {
      end()
      heard.ended()
    }
  }

  function begin(): void {
    if (over) return
    source = new EventSource(`/api/v1/jobs/${encodeURIComponent(id)}/events?last_event_id=${last}`)
    source.onopen = () => {
      clearTimeout(away)
      away = undefined
      heard.connected(true)
    }
    source.addEventListener('state', (m) => take('state', m as MessageEvent<string>))
    source.addEventListener('progress', (m) => take('progress', m as MessageEvent<string>))
    source.onerror = () => {
      if (over) return
      if (source?.readyState === EventSource.CONNECTING) {
        away ??= setTimeout(() => heard.connected(false), LOST_MS)
        return
      }
      source?.close()
      heard.connected(false)
      clock = setTimeout(() => void look(), wait)
      wait = Math.min(wait * 2, MOST_MS)
    }
  }

  /** The stream would not open: either the job has ended and nothing is behind the last event, or the service is away. */
  async function look(): Promise<void> {
    try {
      const found = await job(id)
      heard.connected(true)
      if (isOpen(found.state)) return begin()
      heard.event('state', last, {
        at: found.ended ?? '',
        state: found.state,
        error: found.error,
      } as JobEvent)
    } catch (error) {
      if (error instanceof Refused && [0, 429, 502, 503, 504].includes(error.problem.status)) {
        if (!over) clock = setTimeout(() => void look(), wait)
        wait = Math.min(wait * 2, MOST_MS)
        return
      }
    }
    end()
    heard.ended()
  }

  begin()
  return end
}
