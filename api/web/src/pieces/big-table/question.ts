/** What is asked of a big table, as it stands in the address and as the service takes it. */
import type { Column } from '@/service/network'

/** One condition: `column__operator=value`; the empty operator is equality. */
export interface Condition {
  column: string
  operator: string
  value: string
}

export interface Sorting {
  column: string
  down: boolean
}

export interface Question {
  where: readonly Condition[]
  sort: readonly Sorting[]
  /** Columns whose values make groups. */
  by: readonly string[]
  /** Columns that are shown, in their order. */
  columns: readonly string[]
}

/** Conditions of one text, as a query string has them; what names no column is left out. */
export function readConditions(text: string, columns: readonly Column[]): Condition[] {
  const known = new Map(columns.map((column) => [column.name, column]))
  return [...new URLSearchParams(text)].flatMap(([key, value]) => {
    const [column, operator = ''] = known.has(key) ? [key] : splitAt(key)
    const asked = known.get(column)?.operators.includes(operator ? `${column}__${operator}` : column)
    return asked ? [{ column, operator, value }] : []
  })
}

function splitAt(key: string): [string, string] {
  const at = key.indexOf('__')
  return at < 0 ? [key, ''] : [key.slice(0, at), key.slice(at + 2)]
}

export function writeConditions(where: readonly Condition[]): string {
  return new URLSearchParams(where.map((one) => [keyOf(one), one.value])).toString()
}

export function keyOf({ column, operator }: Condition): string {
  return operator ? `${column}__${operator}` : column
}

export function readSorting(text: string, columns: readonly Column[]): Sorting[] {
  const names = new Set(columns.map((column) => column.name))
  return text
    .split(',')
    .map((word) => ({ column: word.replace(/^-/, ''), down: word.startsWith('-') }))
    .filter(({ column }) => names.has(column))
}

export function writeSorting(sort: readonly Sorting[]): string {
  return sort.map(({ column, down }) => `${down ? '-' : ''}${column}`).join(',')
}

/** The sorting after a header was pressed: up, down, none; `more` keeps the others. */
export function pressedSorting(sort: readonly Sorting[], column: string, more: boolean): Sorting[] {
  const was = sort.find((one) => one.column === column)
  const next = !was ? { column, down: false } : was.down ? null : { column, down: true }
  if (!more) return next ? [next] : []
  if (!was) return [...sort, { column, down: false }]
  return sort.flatMap((one) => (one.column === column ? (next ?? []) : one))
}

/** Groups first, so that a group's rows stand together; then what is sorted by within. */
export function sortingOf({ by, sort }: Question): Sorting[] {
  const own = by.map((column) => ({ column, down: sort.find((one) => one.column === column)?.down ?? false }))
  return [...own, ...sort.filter((one) => !by.includes(one.column))]
}

/** The question as parameters of the service, with those of the table itself (`fixed`). */
export function parametersOf(question: Question, fixed: Record<string, string> = {}): URLSearchParams {
  const asked = new URLSearchParams(fixed)
  for (const one of question.where) asked.append(keyOf(one), one.value)
  const sort = writeSorting(sortingOf(question))
  if (sort) asked.set('sort', sort)
  if (question.columns.length) asked.set('columns', question.columns.join(','))
  return asked
}

/** The parameters that count the groups of a question. */
export function groupParameters(question: Question, fixed: Record<string, string> = {}): URLSearchParams {
  const asked = new URLSearchParams(fixed)
  for (const one of question.where) asked.append(keyOf(one), one.value)
  asked.set('by', writeSorting(sortingOf(question).slice(0, question.by.length)))
  return asked
}

/** Columns with those beside that say whom a name is of: `county` beside `county_name`. */
export function withCodes(names: readonly string[], columns: readonly Column[]): string[] {
  const known = new Set(columns.map((column) => column.name))
  const codes = names.map((name) => name.replace(/_name$/, '')).filter((name) => known.has(name))
  return [...new Set([...names, ...codes])]
}
