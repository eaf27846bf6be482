/** The table twin of a chart: the same figures for those who read with the keyboard, a screen reader or a spreadsheet. */
export interface TwinColumn {
  key: string
  title: string
  unit?: string
  number?: boolean
}

export interface Twin {
  columns: readonly TwinColumn[]
  rows: readonly Record<string, string | number | null | undefined>[]
}

/** As CSV (RFC 4180, marked as UTF-8 for Excel) with the stamp above; text that a spreadsheet would take for a formula has a `'` in front. */
export function asCsv(twin: Twin, stamp: readonly string[]): string {
  const head = stamp.map((line) => [`# ${line}`])
  const titles = twin.columns.map((c) => (c.unit ? `${c.title} (${c.unit})` : c.title))
  const rows = twin.rows.map((row) => twin.columns.map((c) => row[c.key]))
  return '\ufeff' + [...head, titles, ...rows].map((line) => line.map(cell).join(',')).join('\r\n') + '\r\n'
}

function cell(value: string | number | null | undefined): string {
  if (value == null) return ''
  if (typeof value === 'number') return String(value)
  const safe = /^[=+\-@\t\r']/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
