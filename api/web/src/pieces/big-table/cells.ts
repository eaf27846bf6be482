/** Cells as text. */
import { exact, percent } from '@/numbers/format'
import type { Column } from '@/service/network'
import type { Language } from '@/words/language'
import type { Cell } from './layout'

const NUMBERS = new Set(['integer', 'number', 'money', 'share'])
const WIDTHS: Record<string, number> = {
  code: 128,
  text: 150,
  enum: 116,
  list: 130,
  integer: 92,
  number: 100,
  money: 128,
  share: 92,
  date: 112,
  boolean: 80,
}

export function isNumber(column: Column): boolean {
  return NUMBERS.has(column.kind)
}

/** Least width of a column (px). */
export function widthOf(column: Column): number {
  return WIDTHS[column.kind] ?? 130
}

/**
 * @param title gives what a value of an enumeration is called
 */
export function textOf(
  column: Column,
  value: Cell | undefined,
  title: (of: string, value: string) => string,
  language: Language,
): string {
  if (value === null || value === undefined || value === '') return ''
  if (typeof value === 'boolean') return value ? '✓' : '✗'
  if (typeof value === 'number') {
    if (column.kind === 'share') return percent(value)
    return column.name === 'year' ? String(value) : exact(value, language)
  }
  if (!column.enum) return value.replaceAll(';', '; ')
  return value
    .split(';')
    .map((one) => title(column.enum!, one))
    .join(language === 'zh' ? '、' : ', ')
}
