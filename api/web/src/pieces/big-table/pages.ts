/**
 * Rows of a big table, fetched around what is seen. One request is on its way at a time: what is seen goes first, then what comes next
 * in the direction of the scroll. While the bar is dragged each answer is shown when it is there, and the next is asked for where the bar
 * is by then, so that there are always rows to be seen.
 */
export type Row = Record<string, string | number | boolean | null>

export interface Answer {
  rows: Row[]
  total: number
  next: string | null
}

export type Ask = (
  offset: number,
  limit: number,
  cursor: string | null,
  signal: AbortSignal,
) => Promise<Answer>

/** Rows that are fetched and forgotten together. */
export const CHUNK = 100
/** Chunks that are kept: some ten screens up and down. */
export const KEPT = 80
/** Chunks that are fetched ahead of the scroll, and behind it. */
const AHEAD = 3
const BEHIND = 1
/** A request that was passed by is given up when it takes longer than this (ms). */
const PATIENCE_MS = 400

interface Asked {
  first: number
  last: number
  /** The line that was first seen when it was asked for; null: asked for ahead. */
  seen: number | null
  stop: AbortController
  began: number
}

export class Pages {
  total: number | undefined
  problem: unknown
  private chunks = new Map<number, readonly Row[]>()
  private cursor: string | null = null
  private asked: Asked | undefined
  private line = 0
  private seen: readonly number[] = [0]
  private down = true
  private ended = false

  /**
   * @param changed is called when rows have come, or a problem, with the line that was first seen when they were asked for
   */
  constructor(
    private ask: Ask,
    private changed: (seen: number | null) => void,
    private now: () => number = () => performance.now(),
  ) {}

  row(at: number): Row | undefined {
    return this.chunks.get(Math.floor(at / CHUNK))?.[at % CHUNK]
  }

  /** Whether all of some rows are there, but for those behind the end. */
  holds(rows: readonly number[]): boolean {
    return this.total !== undefined && this.missing(chunksOf(rows)).length === 0
  }

  get busy(): boolean {
    return this.asked !== undefined
  }

  /**
   * What is seen now.
   *
   * @param line the first line that is seen
   * @param rows the rows that are seen, in their order
   */
  want(line: number, rows: readonly number[]): void {
    if (line !== this.line) this.down = line > this.line
    this.line = line
    this.seen = chunksOf(rows)
    this.touch()
    this.pump()
  }

  /** Ask again after a problem. */
  again(): void {
    this.problem = undefined
    this.pump()
  }

  end(): void {
    this.ended = true
    this.asked?.stop.abort()
    this.asked = undefined
  }

  /** What is seen is forgotten last. */
  private touch(): void {
    for (const at of this.seen) {
      const rows = this.chunks.get(at)
      if (!rows) continue
      this.chunks.delete(at)
      this.chunks.set(at, rows)
    }
  }

  private missing(chunks: readonly number[]): number[] {
    const there = (at: number) => at >= 0 && (this.total === undefined || at * CHUNK < this.total)
    return chunks.filter((at) => there(at) && !this.chunks.has(at))
  }

  private pump(): void {
    if (this.ended || this.problem !== undefined) return
    const missing = runOf(this.missing(this.seen))
    if (this.asked) {
      if (!missing.length || this.covers(missing)) return
      const ahead = this.asked.seen === null
      if (!ahead && this.now() - this.asked.began < PATIENCE_MS) return
      this.asked.stop.abort()
      this.asked = undefined
    }
    if (missing.length) void this.fetch(missing[0]!, missing.at(-1)!, this.line)
    else this.fetchAhead()
  }

  private covers(missing: readonly number[]): boolean {
    return this.asked!.first <= missing[0]! && missing.at(-1)! <= this.asked!.last
  }

  private fetchAhead(): void {
    if (this.total === undefined) return
    const [top, bottom] = [this.seen[0] ?? 0, this.seen.at(-1) ?? 0]
    const below = Array.from({ length: this.down ? AHEAD : BEHIND }, (_, by) => bottom + 1 + by)
    const above = Array.from({ length: this.down ? BEHIND : AHEAD }, (_, by) => top - 1 - by)
    const next = this.missing(this.down ? [...below, ...above] : [...above, ...below])[0]
    if (next !== undefined) void this.fetch(next, next, null)
  }

  private async fetch(first: number, last: number, seen: number | null): Promise<void> {
    const asked: Asked = { first, last, seen, stop: new AbortController(), began: this.now() }
    this.asked = asked
    try {
      const got = await this.ask(first * CHUNK, (last - first + 1) * CHUNK, this.cursor, asked.stop.signal)
      if (this.asked !== asked) return
      this.keep(first, last, got)
    } catch (error) {
      if (this.asked !== asked || this.ended) return
      this.problem = error
    }
    this.asked = undefined
    this.changed(seen)
    this.pump()
  }

  private keep(first: number, last: number, got: Answer): void {
    this.total = got.total
    this.cursor ??= got.next
    for (let at = first; at <= last; at++) {
      const rows = got.rows.slice((at - first) * CHUNK, (at - first + 1) * CHUNK)
      if (rows.length) this.chunks.set(at, rows)
    }
    for (const at of this.chunks.keys()) {
      if (this.chunks.size <= KEPT) break
      this.chunks.delete(at)
    }
  }
}

/** The chunks in which some rows stand. */
function chunksOf(rows: readonly number[]): number[] {
  return [...new Set(rows.map((row) => Math.floor(row / CHUNK)))]
}

/** The first of some chunks with those that follow right behind: one request brings them. */
function runOf(chunks: readonly number[]): number[] {
  const end = chunks.findIndex((chunk, at) => at > 0 && chunk !== chunks[at - 1]! + 1)
  return end < 0 ? [...chunks] : chunks.slice(0, end)
}
