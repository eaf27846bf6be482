/** Numbers in the habits of the language: 万 and 亿 in Chinese, thousands and millions in English; the exact value is always at hand. */
import type { Language } from '@/words/language'

const GROUPED: Record<Language, Intl.NumberFormat> = {
  zh: new Intl.NumberFormat('zh-CN', { maximumFractionDigits: 6 }),
  en: new Intl.NumberFormat('en-GB', { maximumFractionDigits: 6 }),
}
const ZH: readonly (readonly [number, string])[] = [
  [1e8, '亿'],
  [1e4, '万'],
]
const EN: readonly (readonly [number, string])[] = [
  [1e9, ' bn'],
  [1e6, ' m'],
  [1e3, ' k'],
]

/** With all its digits, in groups. */
export function exact(value: number, language: Language): string {
  return GROUPED[language].format(value)
}

/** Short: three digits that count, with the unit of the language. */
export function short(value: number, language: Language): string {
  const steps = language === 'zh' ? ZH : EN
  // What would be rounded up to the next step is of that step: 9,999.6 is 1 万, 9,999 is not; 999,600 is 1 m.
  const close = language === 'zh' ? 5e-5 : 5e-4
  const step = steps.find(([size]) => Math.abs(value) >= size * (1 - close))
  if (!step || (language === 'en' && Math.abs(value) < 9_999.5)) return exact(rounded(value), language)
  const [size, word] = step
  return exact(rounded(value / size), language) + word
}

/** To three digits that count, never less than the whole number. */
function rounded(value: number): number {
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value) || 1)))
  return Number(value.toFixed(Math.min(digits, 3)))
}

/** A share of 0–1 in percent. */
export function percent(value: number, digits = 1): string {
  return `${(value * 100).toFixed(digits).replace(/\.0+$/, '')} %`
}

const UNITS: Record<string, Record<Language, string>> = {
  yuan: { zh: '元', en: 'yuan' },
  persons: { zh: '人', en: 'persons' },
  households: { zh: '户', en: 'households' },
  count: { zh: '个', en: '' },
  share: { zh: '', en: '' },
  days: { zh: '天', en: 'days' },
  km: { zh: '千米', en: 'km' },
  years: { zh: '年', en: 'years' },
}

/** How a unit of the schema is written behind a number. */
export function unitName(unit: string, language: Language): string {
  return UNITS[unit]?.[language] ?? unit
}

/** A value with its unit, short; a share in percent. */
export function withUnit(value: number, unit: string, language: Language): string {
  if (unit === 'share') return percent(value)
  const name = unitName(unit, language)
  const between = language === 'en' && name ? ' ' : /[万亿]$/.test(short(value, language)) || !name ? '' : ' '
  return `${short(value, language)}${between}${name}`
}
