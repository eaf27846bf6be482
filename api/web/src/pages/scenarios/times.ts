/** Times as they are written on the page: ISO, to the minute, in the time of the place. */
export function shortTime(at: string | null | undefined): string {
  if (!at) return ''
  const day = new Date(at)
  if (Number.isNaN(day.getTime())) return ''
  const two = (n: number) => String(n).padStart(2, '0')
  const date = `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`
  return `${date} ${two(day.getHours())}:${two(day.getMinutes())}`
}
