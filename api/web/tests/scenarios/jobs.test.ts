import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { follow, type JobEvent } from '@/service/jobs'
import { client } from '@/service/client'

/** A stream that the test speaks through. */
class Stream {
  static made: Stream[] = []
  static CONNECTING = 0
  readyState = 1
  onopen: (() => void) | null = null
  onerror: (() => void) | null = null
  private readonly ears = new Map<string, (m: unknown) => void>()
  constructor(readonly url: string) {
    Stream.made.push(this)
  }
  addEventListener(kind: string, ear: (m: unknown) => void): void {
    this.ears.set(kind, ear)
  }
  close(): void {
    this.readyState = 2
  }
  tell(kind: string, id: number, data: unknown): void {
    this.ears.get(kind)?.({ lastEventId: String(id), data: JSON.stringify(data) })
  }
  break(): void {
    this.readyState = 2
    this.onerror?.()
  }
}

function heard() {
  const events: [string, number, JobEvent][] = []
  const connected: boolean[] = []
  const ended = vi.fn()
  return {
    events,
    connected,
    ended,
    event: (kind: 'state' | 'progress', n: number, told: JobEvent) => void events.push([kind, n, told]),
  }
}
const follower = (h: ReturnType<typeof heard>) => ({
  event: h.event,
  connected: (now: boolean) => void h.connected.push(now),
  ended: h.ended,
})
const answer = (state: string) => ({
  data: { id: 'j', state, ended: null, error: null },
  response: new Response(null, { status: 200 }),
})

describe('following a job', () => {
  beforeEach(() => {
    Stream.made = []
    vi.stubGlobal('EventSource', Stream)
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })

  it('tells each event once and ends with the job', () => {
    const h = heard()
    follow('j', follower(h))
    const [stream] = Stream.made
    stream!.tell('progress', 3, { stage: 'funds' })
    stream!.tell('progress', 3, { stage: 'funds' })
    stream!.tell('state', 4, { state: 'done' })
    expect(h.events.map(([kind, n]) => [kind, n])).toEqual([
      ['progress', 3],
      ['state', 4],
    ])
    expect(h.ended).toHaveBeenCalledOnce()
    expect(stream!.readyState).toBe(2)
  })

  it('goes on behind its last event when the service went away and is back', async () => {
    const h = heard()
    const get = vi.spyOn(client, 'GET')
    get.mockRejectedValueOnce(new TypeError('gone')).mockResolvedValue(answer('running') as never)
    follow('j', follower(h))
    Stream.made[0]!.tell('progress', 7, { stage: 'funds' })
    Stream.made[0]!.break()
    expect(h.connected.at(-1)).toBe(false)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(Stream.made).toHaveLength(2)
    expect(Stream.made[1]!.url).toContain('last_event_id=7')
    expect(h.connected.at(-1)).toBe(true)
    expect(h.ended).not.toHaveBeenCalled()
  })

  it('says that it is lost when the browser itself cannot come back for a while', async () => {
    const h = heard()
    follow('j', follower(h))
    const [stream] = Stream.made
    stream!.readyState = Stream.CONNECTING
    stream!.onerror?.()
    expect(h.connected).toEqual([])
    await vi.advanceTimersByTimeAsync(3_500)
    expect(h.connected).toEqual([false])
    stream!.onopen?.()
    expect(h.connected).toEqual([false, true])
  })

  it('is over when the job ended while nobody listened', async () => {
    const h = heard()
    vi.spyOn(client, 'GET').mockResolvedValue(answer('failed') as never)
    follow('j', follower(h))
    Stream.made[0]!.break()
    await vi.advanceTimersByTimeAsync(2_000)
    expect(h.events.at(-1)?.[2].state).toBe('failed')
    expect(h.ended).toHaveBeenCalledOnce()
    expect(Stream.made).toHaveLength(1)
  })

  it('asks nobody any more when it is ended', async () => {
    const h = heard()
    const get = vi.spyOn(client, 'GET')
    follow('j', follower(h))()
    Stream.made[0]!.break()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(get).not.toHaveBeenCalled()
  })
})
