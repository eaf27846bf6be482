/** A `[[change]]` as a sentence: of which rows, what is done. Titles come from the service's schema. */
import type { Change } from '../kinds'

export interface Titles {
  table: (name: string) => string
  column: (table: string, name: string) => string
  value: (table: string, column: string, value: unknown) => string
}

export interface SentenceWords {
  all: string
  of: (table: string, where: string) => string
  is: (column: string, values: string) => string
  and: string
  set: (column: string, value: string) => string
  scale: (column: string, percent: string) => string
  add: (n: string) => string
  remove: string
  or: string
  change: (rows: string, deed: string) => string
}

type Columns = Record<string, unknown>

export function sentence(change: Change, titles: Titles, words: SentenceWords): string {
  const table = String(change['table'] ?? '')
  const deed = doing(change, table, titles, words)
  if (Array.isArray(change['add'])) return words.change(titles.table(table), deed)
  const where = Object.entries((change['where'] ?? {}) as Columns)
    .map(([column, value]) =>
      words.is(titles.column(table, column), listed(value, table, column, titles, words)),
    )
    .join(words.and)
  return words.change(words.of(titles.table(table), where || words.all), deed)
}

function listed(value: unknown, table: string, column: string, titles: Titles, words: SentenceWords): string {
  return (Array.isArray(value) ? value : [value]).map((v) => titles.value(table, column, v)).join(words.or)
}

function doing(change: Change, table: string, titles: Titles, words: SentenceWords): string {
  if (change['remove']) return words.remove
  if (Array.isArray(change['add'])) return words.add(String(change['add'].length))
  const set = Object.entries((change['set'] ?? {}) as Columns).map(([column, value]) =>
    words.set(titles.column(table, column), titles.value(table, column, value)),
  )
  const scale = Object.entries((change['scale'] ?? {}) as Columns).map(([column, factor]) =>
    words.scale(titles.column(table, column), percent(Number(factor))),
  )
  return [...set, ...scale].join(words.and)
}

/** `0.8` → `−20 %`, `1.5` → `+50 %`. */
export function percent(factor: number): string {
  const by = Math.round((factor - 1) * 1e6) / 1e4
  return `${by < 0 ? '−' : '+'}${Math.abs(by)} %`
}
