/** The ledger by item and year: what was pledged and what came, added up over a card's relations. */
import { exact, short } from '@/numbers/format'
import type { Language, Told } from '@/words/language'
import type { Entry } from './ask'

export interface ItemYear {
  year: number
  pledged: number | null
  delivered: number | null
}

export interface Item {
  item: string
  years: ItemYear[]
  marks: string[]
}

/** What the title of an item says: `funds: fiscal aid (yuan)` is of the group funds, called fiscal aid, counted in yuan. */
export interface ItemTitle {
  group: string
  name: string
  unit: string
}

export function readTitle(title: string): ItemTitle {
  const [, rest = title, unit = ''] = /^(.*?)\s*[（(]([^（()）]*)[)）]$/.exec(title) ?? []
  const at = rest.search(/[：:]/)
  return {
    group: at < 0 ? '' : rest.slice(0, at),
    name: (at < 0 ? rest : rest.slice(at + 1)).trim(),
    unit,
  }
}

/** Money first, then persons, then what is counted; within these in the schema's order. */
const UNITS = ['yuan', 'persons']

/** @param titles what items are called, in both languages */
export function byItem(entries: readonly Entry[], titles: ReadonlyMap<string, Told>): Item[] {
  const found = new Map<string, Map<number, ItemYear>>()
  const marks = new Map<string, Set<string>>()
  for (const entry of entries) {
    const years = found.get(entry.item) ?? new Map<number, ItemYear>()
    const sum = years.get(entry.year) ?? { year: entry.year, pledged: null, delivered: null }
    sum.pledged = plus(sum.pledged, entry.pledged)
    sum.delivered = plus(sum.delivered, entry.delivered)
    years.set(entry.year, sum)
    found.set(entry.item, years)
    const those = marks.get(entry.item) ?? new Set()
    if (entry.mark) those.add(entry.mark)
    marks.set(entry.item, those)
  }
  const items = [...found].map(([item, years]) => ({
    item,
    years: [...years.values()].sort((a, b) => a.year - b.year),
    marks: [...(marks.get(item) ?? [])].sort(),
  }))
  const rank = (one: Item) => {
    const place = UNITS.indexOf(readTitle(titles.get(one.item)?.en ?? '').unit)
    return place < 0 ? UNITS.length : place
  }
  const order = [...titles.keys()]
  return items.sort(
    (a, b) =>
      rank(a) - rank(b) || order.indexOf(a.item) - order.indexOf(b.item) || a.item.localeCompare(b.item),
  )
}

function plus(sum: number | null, value: number | null): number | null {
  return value === null ? sum : (sum ?? 0) + value
}

/** Up to a year: what was pledged and what came; null where nobody says. */
export function upTo(item: Item, year: number): { pledged: number | null; delivered: number | null } {
  const until = item.years.filter((one) => one.year <= year)
  return {
    pledged: until.reduce<number | null>((sum, one) => plus(sum, one.pledged), null),
    delivered: until.reduce<number | null>((sum, one) => plus(sum, one.delivered), null),
  }
}

/** A value with the unit that stands in the item's title: `5,237万元`, `52.4 m yuan`, `12 人`. */
export function amountOf(value: number, title: ItemTitle, language: Language): string {
  const number = short(value, language)
  const unit = language === 'en' && title.unit === 'count' ? '' : title.unit
  if (!unit) return number
  return language === 'zh' && /[万亿]$/.test(number) ? number + unit : `${number} ${unit}`
}

/** With all its digits. */
export function exactOf(value: number, title: ItemTitle, language: Language): string {
  return `${exact(value, language)} ${title.unit === 'count' ? '' : title.unit}`.trim()
}
