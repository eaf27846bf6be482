/** How much of a card fits on one A4 page: every part gets its lines, what one does not need goes to those that have more. */
export interface Part {
  /** Lines that it would fill. */
  wanted: number
  /** Lines that it is given in any case. */
  least: number
}

/** Lines of each part: at least its `least`, together no more than there are; what is left is shared in the order of the parts. */
export function shared(parts: readonly Part[], lines: number): number[] {
  const given = parts.map((part) => Math.min(part.wanted, part.least))
  let left = lines - given.reduce((sum, one) => sum + one, 0)
  parts.forEach((part, place) => {
    const more = Math.max(0, Math.min(part.wanted - given[place]!, left))
    given[place] = given[place]! + more
    left -= more
  })
  return given
}

/** The first of a list, with how many are left; where one line says that others are left, it is one of the lines. */
export function cut<T>(list: readonly T[], lines: number): { shown: T[]; rest: number } {
  if (list.length <= lines) return { shown: [...list], rest: 0 }
  const shown = list.slice(0, Math.max(0, lines - 1))
  return { shown, rest: list.length - shown.length }
}
