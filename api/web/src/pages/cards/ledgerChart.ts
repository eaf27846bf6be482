/** Small charts of the ledger, one for each item: outlines are what was pledged, solid bars what came. */
import type { EChartsOption } from '@/chart/echarts'
import type { Twin } from '@/chart/table'
import type { Language, Told } from '@/words/language'
import type { Entry } from './ask'
import { amountOf, exactOf, type Item, readTitle } from './items'

export interface Inks {
  ink: string
  'ink-2': string
  'ink-3': string
  'line-2': string
  line: string
  supporter: string
  card: string
}

const HEAD = 44
const BARS = 74
const FOOT = 24
/** Height of a row of charts (px). */
export const ROW = HEAD + BARS + FOOT
const GAP = 28

export interface Wanted {
  items: readonly Item[]
  titles: ReadonlyMap<string, Told>
  language: Language
  /** Year of the day that is looked at; those after it are pale. */
  year: number
  /** Charts beside each other. */
  columns: number
  /** Width of the whole (px). */
  width: number
  words: { pledged: string; delivered: string; noData: string }
  inks: Inks
}

export function titleOf(
  item: string,
  titles: ReadonlyMap<string, Told>,
  language: Language,
): ReturnType<typeof readTitle> {
  return readTitle(titles.get(item)?.[language] || item)
}

export function chartOf(wanted: Wanted): EChartsOption {
  const { items, columns, width, inks } = wanted
  const wide = (width - GAP * (columns - 1)) / columns
  const years = [...new Set(items.flatMap((item) => item.years.map((one) => one.year)))].sort((a, b) => a - b)
  const at = (place: number) => ({
    left: (place % columns) * (wide + GAP) + 2,
    top: Math.floor(place / columns) * ROW + HEAD,
  })
  return {
    grid: items.map((_, place) => ({ ...at(place), width: Math.max(40, wide - 6), height: BARS })),
    xAxis: items.map((_, place) => ({
      type: 'category' as const,
      gridIndex: place,
      data: years.map(String),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: inks['line-2'] } },
      axisLabel: { color: inks['ink-2'], fontSize: 11, interval: wide < 150 ? 'auto' : 0, hideOverlap: true },
    })),
    yAxis: items.map((item, place) => ({
      type: 'value' as const,
      gridIndex: place,
      name: named(item, wanted),
      nameGap: 8,
      nameTextStyle: { align: 'left' as const, color: inks.ink, rich: richOf(inks), padding: [0, 0, 0, 0] },
      axisLabel: { show: false },
      splitLine: { show: false },
      axisLine: { show: false },
      axisTick: { show: false },
      min: 0,
    })),
    tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' }, confine: true, formatter: tip(wanted) },
    series: items.flatMap((item, place) => [
      bars(item, place, years, wanted, 'pledged'),
      bars(item, place, years, wanted, 'delivered'),
    ]),
  } as EChartsOption
}

const richOf = (inks: Inks) => ({
  name: { fontSize: 13, fontWeight: 600 as const, color: inks.ink, lineHeight: 19 },
  last: { fontSize: 12, color: inks['ink-2'], lineHeight: 17 },
})

/** Name of the item, and below it the newest year up to the day: `2016 承诺 0.52 → 0.46 亿元`. */
function named(item: Item, { titles, language, year, words }: Wanted): string {
  const title = titleOf(item.item, titles, language)
  const last = [...item.years].reverse().find((one) => one.year <= year) ?? item.years[0]
  if (!last) return `{name|${title.name}}`
  const told = (value: number | null) => (value === null ? words.noData : amountOf(value, title, language))
  return `{name|${title.name}}\n{last|${last.year}  ${told(last.delivered)} / ${told(last.pledged)}}`
}

function bars(item: Item, place: number, years: number[], wanted: Wanted, which: 'pledged' | 'delivered') {
  const { inks, year, words } = wanted
  const solid = which === 'delivered'
  const of = new Map(item.years.map((one) => [one.year, one[which]]))
  return {
    type: 'bar' as const,
    name: words[which],
    xAxisIndex: place,
    yAxisIndex: place,
    barGap: '-100%',
    barWidth: '62%',
    z: solid ? 3 : 2,
    data: years.map((one) => ({
      value: of.get(one) ?? '-',
      itemStyle: {
        color: solid ? inks.supporter : 'transparent',
        borderColor: solid ? inks.supporter : inks['ink-3'],
        borderWidth: solid ? 0 : 1.2,
        borderRadius: [2, 2, 0, 0],
        opacity: one > year ? 0.38 : 1,
      },
    })),
  }
}

interface Pointed {
  axisIndex?: number
  axisValue?: string
  seriesIndex?: number
}

function tip({ items, titles, language, words }: Wanted) {
  return (points: Pointed | Pointed[]): HTMLElement | string => {
    const point = Array.isArray(points) ? points[0] : points
    const item = items[Math.floor((point?.seriesIndex ?? 0) / 2)]
    const one = item?.years.find((sum) => String(sum.year) === point?.axisValue)
    if (!item || !one) return ''
    const title = titleOf(item.item, titles, language)
    const told = (value: number | null) => (value === null ? words.noData : exactOf(value, title, language))
    const box = document.createElement('div')
    for (const line of [
      `${title.name} · ${one.year}`,
      `${words.pledged} ${told(one.pledged)}`,
      `${words.delivered} ${told(one.delivered)}`,
    ])
      box.append(Object.assign(document.createElement('div'), { textContent: line }))
    return box
  }
}

export interface TwinWords {
  supporter: string
  recipient: string
  kind: string
  year: string
  item: string
  unit: string
  pledged: string
  delivered: string
  ratio: string
  mark: string
}

/** The ledger's rows as they are: each relation, year and item. */
export function twinOf(
  entries: readonly Entry[],
  titles: ReadonlyMap<string, Told>,
  language: Language,
  kind: (code: string) => string,
  mark: (code: string) => string,
  words: TwinWords,
): Twin {
  const rows = [...entries].sort((a, b) => a.year - b.year || a.item.localeCompare(b.item))
  return {
    columns: [
      { key: 'supporter', title: words.supporter },
      { key: 'recipient', title: words.recipient },
      { key: 'kind', title: words.kind },
      { key: 'year', title: words.year },
      { key: 'item', title: words.item },
      { key: 'unit', title: words.unit },
      { key: 'pledged', title: words.pledged, number: true },
      { key: 'delivered', title: words.delivered, number: true },
      { key: 'ratio', title: words.ratio, number: true },
      { key: 'mark', title: words.mark },
    ],
    rows: rows.map((entry) => {
      const title = titleOf(entry.item, titles, language)
      return {
        id: entry.relation,
        supporter: entry.supporter_name ?? entry.supporter,
        recipient: entry.recipient_name ?? entry.recipient,
        kind: kind(entry.kind ?? ''),
        year: String(entry.year),
        item: title.group ? `${title.group}${language === 'zh' ? '：' : ': '}${title.name}` : title.name,
        unit: title.unit,
        pledged: entry.pledged,
        delivered: entry.delivered,
        ratio: entry.ratio === null ? null : Math.round(entry.ratio * 1000) / 1000,
        mark: mark(entry.mark ?? ''),
      }
    }),
  }
}
