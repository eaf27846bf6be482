/** Cells of a table that is edited in place: what was typed, as the column holds it, or what is wrong with it. */
import type { Column } from '@/service/network'
import type { Told } from '@/words/language'

export type Cell = string | number | boolean | null
export type Row = Record<string, Cell>

const told = (zh: string, en: string): Told => ({ zh, en })
const WHOLE = ['integer', 'money']
const NUMBERS = [...WHOLE, 'number', 'share']

export const isNumber = (column: Column): boolean => NUMBERS.includes(column.kind)

/** What was typed as the column holds it; an empty text is an empty cell. */
export function typed(column: Column, given: string): { value: Cell; wrong: Told | null } {
  const text = given.trim()
  if (text === '') {
    const wrong = column.required ? told('不能空着', 'must not be empty') : null
    return { value: null, wrong }
  }
  if (isNumber(column)) return numbered(column, text)
  if (column.kind === 'boolean') {
    const value = { true: true, yes: true, 是: true, false: false, no: false, 否: false }[text.toLowerCase()]
    return value === undefined
      ? { value: text, wrong: told('应为 是 或 否', 'must be yes or no') }
      : { value, wrong: null }
  }
  if (column.kind === 'date') {
    const right = /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))
    return { value: text, wrong: right ? null : told('应为 年-月-日', 'must be year-month-day') }
  }
  return { value: text, wrong: null }
}

function numbered(column: Column, text: string): { value: Cell; wrong: Told | null } {
  const value = Number(text.replace(/[,，\s]/g, ''))
  if (!Number.isFinite(value)) return { value: text, wrong: told('应为数值', 'must be a number') }
  if (WHOLE.includes(column.kind) && !Number.isInteger(value))
    return { value, wrong: told('应为整数', 'must be a whole number') }
  const [low, high] = [
    column.minimum ?? (column.kind === 'share' ? 0 : null),
    column.maximum ?? (column.kind === 'share' ? 1 : null),
  ]
  if (low != null && value < low) return { value, wrong: told(`不得小于 ${low}`, `must be at least ${low}`) }
  if (high != null && value > high)
    return { value, wrong: told(`不得大于 ${high}`, `must be at most ${high}`) }
  return { value, wrong: null }
}

/** The key of a row as text. */
export function keyOf(row: Row, key: readonly string[]): string {
  return JSON.stringify(key.map((name) => row[name] ?? null))
}

/** Cells that were edited, as `[[change]]` entries: one for each row. Rows keep their place, everything else of the table its source. */
export function changesOf(
  table: string,
  key: readonly string[],
  edits: ReadonlyMap<string, { row: Row; cells: Row }>,
): Record<string, unknown>[] {
  return [...edits.values()].map(({ row, cells }) => ({
    table,
    where: Object.fromEntries(key.map((name) => [name, row[name] ?? ''])),
    set: Object.fromEntries(Object.entries(cells).map(([name, value]) => [name, value ?? ''])),
  }))
}
