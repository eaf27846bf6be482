import { describe, expect, it, vi } from 'vitest'
import { type Answer, type Ask, CHUNK, KEPT, Pages } from '@/pieces/big-table/pages'

const TOTAL = 775_000
const range = (first: number, count = 20) => Array.from({ length: count }, (_, by) => first + by)

interface Waiting {
  offset: number
  limit: number
  cursor: string | null
  signal: AbortSignal
  give: () => Promise<void>
  fail: (error: unknown) => Promise<void>
}

/** A service whose answers come when the test says so. */
function service(total = TOTAL) {
  const waiting: Waiting[] = []
  const ask: Ask = (offset, limit, cursor, signal) =>
    new Promise<Answer>((found, failed) => {
      const rows = range(offset, Math.max(0, Math.min(limit, total - offset))).map((n) => ({ n }))
      const settle = async (act: () => void) => {
        act()
        await Promise.resolve()
        await new Promise((done) => setTimeout(done))
      }
      waiting.push({
        offset,
        limit,
        cursor,
        signal,
        give: () => settle(() => found({ rows, total, next: 'c' })),
        fail: (error) => settle(() => failed(error)),
      })
    })
  return { ask, waiting }
}

describe('pages of a big table', () => {
  it('bring what is seen first, then what comes next in the direction of the scroll', async () => {
    const { ask, waiting } = service()
    const pages = new Pages(ask, () => {})
    pages.want(0, range(0))
    await waiting[0]!.give()
    expect(pages.row(7)).toEqual({ n: 7 })
    expect(waiting.map((one) => one.offset)).toEqual([0, CHUNK])
    await waiting[1]!.give()
    expect(waiting.at(-1)!.offset).toBe(2 * CHUNK)
    expect(waiting.at(-1)!.cursor).toBe('c')
  })

  it('bring two pages at once where both are seen', async () => {
    const { ask, waiting } = service()
    const pages = new Pages(ask, () => {})
    pages.want(95, range(95))
    expect([waiting[0]!.offset, waiting[0]!.limit]).toEqual([0, 2 * CHUNK])
    await waiting[0]!.give()
    expect(pages.holds(range(95))).toBe(true)
  })

  it('give up what was asked for ahead when something else is seen', async () => {
    const { ask, waiting } = service()
    const pages = new Pages(ask, () => {})
    pages.want(0, range(0))
    await waiting[0]!.give()
    pages.want(400_000, range(400_000))
    expect(waiting[1]!.signal.aborted).toBe(true)
    expect(waiting[2]!.offset).toBe(400_000)
  })

  it('show each answer of a drag, and ask where the bar is by then', async () => {
    const { ask, waiting } = service()
    const changed = vi.fn()
    const pages = new Pages(ask, changed, () => 0)
    pages.want(0, range(0))
    await waiting[0]!.give()
    for (const at of [100_000, 200_000, 300_000]) pages.want(at, range(at))
    expect(waiting.at(-1)!.offset).toBe(100_000)
    await waiting.at(-1)!.give()
    expect(changed).toHaveBeenLastCalledWith(100_000)
    expect(waiting.at(-1)!.offset).toBe(300_000)
  })

  it('give up what was passed by and takes long', () => {
    const { ask, waiting } = service()
    let now = 0
    const pages = new Pages(
      ask,
      () => {},
      () => now,
    )
    pages.want(0, range(0))
    now = 1_000
    pages.want(300_000, range(300_000))
    expect(waiting[0]!.signal.aborted).toBe(true)
    expect(waiting[1]!.offset).toBe(300_000)
  })

  it('keep a bounded number of rows, those last that are seen', async () => {
    const { ask, waiting } = service()
    const pages = new Pages(ask, () => {})
    for (let at = 0; at < KEPT + 30; at++) {
      pages.want(at * 1_000, range(at * 1_000))
      await waiting.at(-1)!.give()
    }
    expect(pages.row(0)).toBeUndefined()
    expect(pages.row((KEPT + 29) * 1_000)).toBeDefined()
  })

  it('ask for nothing behind the end', async () => {
    const { ask, waiting } = service(130)
    const pages = new Pages(ask, () => {})
    pages.want(110, range(110))
    await waiting[0]!.give()
    await waiting[1]?.give()
    expect(pages.holds(range(110))).toBe(true)
    expect(waiting.every((one) => one.offset < 130)).toBe(true)
  })

  it('stop at a problem until somebody tries again', async () => {
    const { ask, waiting } = service()
    const pages = new Pages(ask, () => {})
    pages.want(0, range(0))
    await waiting[0]!.fail(new Error('no'))
    expect(pages.problem).toBeInstanceOf(Error)
    pages.want(500, range(500))
    expect(waiting).toHaveLength(1)
    pages.again()
    expect(waiting).toHaveLength(2)
  })
})
