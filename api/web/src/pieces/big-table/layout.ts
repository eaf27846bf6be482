/** Which line of a table is a group's head and which is a row: groups stand in the order of their rows, so that a row is known by its number. */
export type Cell = string | number | boolean | null

export interface Group {
  values: Record<string, Cell>
  rows: number
}

export type Line = { group: number; row: null } | { group: number | null; row: number }

export interface Layout {
  /** Lines in all. */
  lines: number
  at: (line: number) => Line
  /** The line of a group's head. */
  headOf: (group: number) => number
}

/** Without groups: each line is a row. */
export function plain(rows: number): Layout {
  return { lines: rows, at: (line) => ({ group: null, row: line }), headOf: () => 0 }
}

/** With groups, of which those are open that `open` says. */
export function grouped(groups: readonly Group[], open: (group: number) => boolean): Layout {
  const heads: number[] = []
  const before: number[] = []
  let [line, row] = [0, 0]
  groups.forEach((group, at) => {
    heads.push(line)
    before.push(row)
    line += 1 + (open(at) ? group.rows : 0)
    row += group.rows
  })
  return {
    lines: line,
    headOf: (group) => heads[group] ?? 0,
    at: (asked) => {
      const group = lastUpTo(heads, asked)
      const within = asked - (heads[group] ?? 0)
      return within === 0 ? { group, row: null } : { group, row: (before[group] ?? 0) + within - 1 }
    },
  }
}

/** The last place whose number is not above one (numbers rise). */
function lastUpTo(numbers: readonly number[], one: number): number {
  let [low, high] = [0, numbers.length - 1]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((numbers[middle] ?? 0) <= one) low = middle
    else high = middle - 1
  }
  return Math.max(low, 0)
}

/** What names a group in the address. */
export function groupKey(group: Group): string {
  return Object.values(group.values)
    .map((value) => (value === null ? '∅' : String(value)))
    .join('|')
}
