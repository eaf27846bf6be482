/** A lever: what may be set, what is wrong with what was typed, and how values are written. Bounds, forms, words are the service's. */
import type { Told } from '@/words/language'
import { type Lever, OFF, type Value } from '../kinds'

const told = (zh: string, en: string): Told => ({ zh, en })

/** What is wrong with a value for a lever, before it is sent; `null`: nothing that can be told here. */
export function problemWith(lever: Lever, value: unknown): Told | null {
  if (value === OFF || value === null) return null
  const numbers = numbersOf(lever, value)
  if (numbers.some((n) => typeof n !== 'number' || !Number.isFinite(n)))
    return told('请填一个数', 'a number is needed')
  if (['integer', 'range'].includes(lever.form) && numbers.some((n) => !Number.isInteger(n)))
    return told('应为整数', 'must be a whole number')
  const [first, last] = numbers as number[]
  if (lever.form === 'range' && first! > last!)
    return told('最少不能多于最多', 'the least cannot be more than the most')
  return outside(lever, numbers as number[])
}

function outside(lever: Lever, numbers: readonly number[]): Told | null {
  const { minimum, maximum } = lever
  if (minimum != null && numbers.some((n) => n < minimum))
    return told(`不得小于 ${minimum}`, `must be at least ${minimum}`)
  if (maximum != null && numbers.some((n) => n > maximum))
    return told(`不得大于 ${maximum}`, `must be at most ${maximum}`)
  return null
}

function numbersOf(lever: Lever, value: unknown): unknown[] {
  switch (lever.form) {
    case 'integer':
    case 'number':
    case 'share':
      return [value]
    case 'range':
      return Array.isArray(value) ? value : [NaN]
    case 'numbers':
      return value && typeof value === 'object' ? Object.values(value) : [NaN]
    default:
      return []
  }
}

/** A value as people read it, with the words that the page has for on and off. */
export function written(value: unknown, words: { on: string; off: string; none: string }): string {
  if (value === OFF || value === false) return words.off
  if (value === true) return words.on
  if (value === null || value === undefined || value === '') return words.none
  if (Array.isArray(value)) {
    if (value.length === 0) return words.none
    return value.every((v) => typeof v === 'number') && value.length === 2
      ? value.join('–')
      : value.join('、')
  }
  if (typeof value === 'object') {
    const parts = Object.entries(value).map(([name, n]) => `${name} ${n}`)
    return parts.join('、') || words.none
  }
  return String(value)
}

/** What a rule begins with when it is switched on. */
export function begin(lever: Lever): Value {
  for (const candidate of [lever.beneath, lever.default]) if (candidate !== OFF) return candidate as Value
  const low = lever.minimum ?? 0
  switch (lever.form) {
    case 'boolean':
      return true
    case 'range':
      return [low, Math.max(low, 1)]
    case 'texts':
      return []
    case 'numbers':
      return {}
    case 'text':
      return ''
    case 'choice':
      return lever.choices[0] ?? ''
    default:
      return low
  }
}

/** Whether the lever's value is the scenario's own word. */
export function isOwn(lever: Lever, scenario: string): boolean {
  return lever.scenario === scenario
}

/** Whether words that are looked for stand in it. */
export function speaksOf(lever: Lever, words: string): boolean {
  const wanted = words.trim().toLowerCase()
  if (!wanted) return true
  return [lever.key, lever.title.zh, lever.title.en, lever.note.zh, lever.note.en].some((t) =>
    t.toLowerCase().includes(wanted),
  )
}
