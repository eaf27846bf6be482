/** Values of a measure in classes that can be read off a legend: as many regions in each, at round borders. */
export interface Class {
  from: number
  /** The next one begins here; the last holds its own end. */
  to: number
  colour: string
  regions: number
}

/** A quiet sage, light to dark, that leaves blue and vermillion to the ribbons above; on dark pages from dark to light. */
const LIGHT = ['#f0f3ef', '#d9e1d9', '#bccabf', '#9bb0a2', '#76927f']
const DARK = ['#1f2d31', '#2b3d41', '#3b5153', '#506a69', '#6d8985']

/** Up to five classes of values; fewer where there are fewer different ones. */
export function classesOf(values: readonly number[], dark: boolean): Class[] {
  const sorted = values.filter(Number.isFinite).toSorted((a, b) => a - b)
  if (!sorted.length) return []
  const [least, most] = [sorted[0]!, sorted.at(-1)!]
  const cuts = [1, 2, 3, 4]
    .map((k) => round(sorted[Math.floor((k * sorted.length) / 5)]!))
    .filter((cut) => cut > least && cut <= most)
  const borders = [least, ...new Set(cuts), most]
  const colours = spread(dark ? DARK : LIGHT, borders.length - 1)
  const classes = colours.map((colour, at) => ({
    from: borders[at]!,
    to: borders[at + 1]!,
    colour,
    regions: 0,
  }))
  for (const value of sorted) classOf(value, classes)!.regions++
  return classes
}

/** The class of a value. */
export function classOf(value: number, classes: readonly Class[]): Class | undefined {
  return classes.findLast((one) => value >= one.from) ?? classes[0]
}

/** To two digits that count. */
function round(value: number): number {
  return value === 0 ? 0 : Number(value.toPrecision(2))
}

function spread(colours: readonly string[], count: number): string[] {
  if (count <= 1) return [colours[2]!]
  return Array.from(
    { length: count },
    (_, at) => colours[Math.round((at * (colours.length - 1)) / (count - 1))]!,
  )
}

/** Colours of states, which have no order: of the first ones that are easy to tell apart. */
export const STATES = ['#1b7f6b', '#d55e00', '#8a93a0', '#c9b037', '#7a5fa8', '#56b4e9'] as const
