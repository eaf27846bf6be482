/** Words and names around a clash. */

/** The service's words end with a command to type, which is a button here. */
export function withoutLast(told: string): string {
  return told
    .split('\n')
    .filter((line) => !/jiedui repair /.test(line))
    .join('\n')
}

const LONGEST = 64

/** A name for the overlay that no scenario has yet. */
export function freeName(scenario: string, taken: readonly string[]): string {
  const there = new Set(taken.map((name) => name.toLowerCase()))
  for (let n = 1; ; n++) {
    const end = n === 1 ? '-repaired' : `-repaired-${n}`
    const name = scenario.replace(/-repaired(-\d+)?$/, '').slice(0, LONGEST - end.length) + end
    if (!there.has(name.toLowerCase())) return name
  }
}
