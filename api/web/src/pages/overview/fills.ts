/** The colour of each place by the measure that is chosen, with what is told of it; and the legend that goes with it. */
import { type Class, classesOf, classOf, STATES } from '@/map/classes'
import type { Filled } from '@/map/picture'
import { exact, short, unitName, withUnit } from '@/numbers/format'
import { type Language, type Told } from '@/words/language'

export interface Value {
  region: string
  value: number | null
  state: string | null
  mark: string | null
  suppressed?: boolean
}

export interface Coloured {
  title: Told
  unit: string
  year: number | null
  states: readonly { state: string; title: Told }[]
  values: readonly Value[]
}

export interface LegendLine {
  colour: string
  text: string
  regions: number
  /** Hatched: there is no figure. */
  none?: boolean
}

export interface Painted {
  fills: Map<string, Filled>
  legend: LegendLine[]
  marks: string[]
}

interface Words {
  suppressed: string
  language: Language
  markOf: (code: string) => string
}

export function paint(measure: Coloured, dark: boolean, words: Words): Painted {
  const marks = [...new Set(measure.values.flatMap((one) => (one.mark ? [one.mark] : [])))]
  return measure.unit === 'state' ? byState(measure, marks, words) : byValue(measure, marks, dark, words)
}

function byValue(measure: Coloured, marks: string[], dark: boolean, words: Words): Painted {
  const given = measure.values.filter((one): one is Value & { value: number } => one.value !== null)
  const classes = classesOf(
    given.map((one) => one.value),
    dark,
  )
  const fills = new Map<string, Filled>()
  for (const one of given) {
    const lines = [
      { name: measure.title[words.language], value: told(one.value, measure.unit, words.language) },
      ...marked(one, words),
    ]
    fills.set(one.region, { colour: classOf(one.value, classes)!.colour, lines })
  }
  for (const one of measure.values.filter((value) => value.value === null)) {
    fills.set(one.region, {
      colour: 'transparent',
      lines: [{ name: measure.title[words.language], value: words.suppressed }],
    })
  }
  return { fills, legend: classes.map((one) => line(one, measure.unit, words.language)), marks }
}

function byState(measure: Coloured, marks: string[], words: Words): Painted {
  const colours = new Map(measure.states.map((one, at) => [one.state, STATES[at % STATES.length]!]))
  const titles = new Map(measure.states.map((one) => [one.state, one.title[words.language]]))
  const fills = new Map<string, Filled>()
  const counts = new Map<string, number>()
  for (const one of measure.values) {
    if (one.state === null) continue
    counts.set(one.state, (counts.get(one.state) ?? 0) + 1)
    const lines = [
      { name: measure.title[words.language], value: titles.get(one.state) ?? one.state },
      ...marked(one, words),
    ]
    fills.set(one.region, { colour: colours.get(one.state) ?? STATES[2], lines })
  }
  const legend = measure.states.map((one) => ({
    colour: colours.get(one.state)!,
    text: one.title[words.language],
    regions: counts.get(one.state) ?? 0,
  }))
  return { fills, legend: legend.filter((one) => one.regions), marks }
}

/** A figure short, with all its digits behind. */
function told(value: number, unit: string, language: Language): string {
  const brief = withUnit(value, unit, language)
  const whole = `${exact(value, language)} ${unitName(unit, language)}`.trim()
  return unit === 'share' || brief.replace(/\s/g, '') === whole.replace(/\s/g, '')
    ? brief
    : `${brief} (${whole})`
}

function marked(one: Value, words: Words): { value: string }[] {
  return one.mark ? [{ value: words.markOf(one.mark) }] : []
}

function line(one: Class, unit: string, language: Language): LegendLine {
  const told = (value: number) =>
    unit === 'share' ? withUnit(value, unit, language) : short(value, language)
  const [from, to] = [told(one.from), told(one.to)]
  return { colour: one.colour, text: from === to ? from : `${from} – ${to}`, regions: one.regions }
}
