/** The same day some years away; the last day of February where the 29th is none. */
export function yearsFrom(day: string, by: number): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number]
  const last = new Date(Date.UTC(year + by, month, 0)).getUTCDate()
  return [String(year + by).padStart(4, '0'), pad(month), pad(Math.min(date, last))].join('-')
}

function pad(value: number): string {
  return String(value).padStart(2, '0')
}
