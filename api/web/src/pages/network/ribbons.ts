/** Support between provinces as a matrix: whose provinces support (rows), whose are supported (columns). */
import type { Twin } from '@/chart/table'
import type { EChartsOption } from '@/chart/echarts'
import type { components } from '@/service/contract'
import { hintOf } from './hint'
import type { Inks } from './style'

export type Ribbons = components['schemas']['Ribbons']
export type Ribbon = Ribbons['ribbons'][number]
export const MEASURES = ['relations', 'pledged', 'delivered'] as const
export type Measure = (typeof MEASURES)[number]

export interface Side {
  code: string
  name: string
  total: number
}
export interface Matrix {
  rows: Side[]
  columns: Side[]
  cells: { row: number; column: number; value: number; ribbon: Ribbon }[]
  /** What is left out, since it stays inside one province. */
  inside: number
}

/** A ribbon's figure; null where there is none. */
export function figure(ribbon: Ribbon, measure: Measure): number | null {
  return ribbon[measure]
}

/** The matrix of a measure; the largest supporters and recipients first. */
export function matrixOf(answer: Ribbons, measure: Measure, inside: boolean): Matrix {
  const names = new Map(answer.places.map((place) => [place.code, place.name]))
  const within = answer.ribbons.filter(({ supporter, recipient }) => supporter === recipient)
  const shown = answer.ribbons.filter(
    (one) => (inside || one.supporter !== one.recipient) && (figure(one, measure) ?? 0) > 0,
  )
  const rows = sides(shown, 'supporter', measure, names)
  const columns = sides(shown, 'recipient', measure, names)
  const [down, across] = [places(rows), places(columns)]
  const cells = shown.map((ribbon) => ({
    row: down.get(ribbon.supporter)!,
    column: across.get(ribbon.recipient)!,
    value: figure(ribbon, measure)!,
    ribbon,
  }))
  return { rows, columns, cells, inside: within.reduce((sum, one) => sum + one.relations, 0) }
}

const places = (all: readonly Side[]) => new Map(all.map(({ code }, at) => [code, at]))

function sides(
  ribbons: readonly Ribbon[],
  of: 'supporter' | 'recipient',
  measure: Measure,
  names: ReadonlyMap<string, string>,
): Side[] {
  const totals = new Map<string, number>()
  for (const one of ribbons) totals.set(one[of], (totals.get(one[of]) ?? 0) + (figure(one, measure) ?? 0))
  return [...totals]
    .map(([code, total]) => ({ code, total, name: names.get(code) ?? code }))
    .sort((a, b) => b.total - a.total || (a.code < b.code ? -1 : 1))
}

/** Up to five classes whose bounds are round (1, 2, 5 times a power of ten), about as many cells in each. */
export function classes(values: readonly number[]): { from: number; to: number | null }[] {
  const sorted = [...values].sort((a, b) => a - b)
  if (!sorted.length) return []
  const bounds = new Set([0])
  for (const share of [0.25, 0.5, 0.75, 0.9])
    bounds.add(roundUp(sorted[Math.floor(share * (sorted.length - 1))]!))
  const most = sorted.at(-1)!
  const lower = [...bounds].filter((bound) => bound < most).sort((a, b) => a - b)
  return lower.map((from, at) => ({ from, to: lower[at + 1] ?? null }))
}

function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value || 1))
  return ([1, 2, 5].find((step) => step * power >= value) ?? 10) * power
}

/** The matrix as a heat map; each class has a colour and stands in a legend with its bounds. */
export function heatOf(
  matrix: Matrix,
  how: {
    inks: Inks
    shades: readonly string[]
    amount: (value: number) => string
    /** What is written in a cell: short enough for it. */
    inCell: (value: number) => string
    exactly: (value: number) => string
    selected: string
    titles: { from: string; to: string }
  },
): EChartsOption {
  const { inks, amount } = how
  const found = classes(matrix.cells.map(({ value }) => value))
  const shades = how.shades.slice(-found.length)
  const axis = (sides: readonly Side[], name: string, colour: string) => ({
    type: 'category' as const,
    name,
    nameTextStyle: { color: colour, fontWeight: 700 as const },
    data: sides.map((side) => side.code),
    triggerEvent: true,
    axisLine: { show: false },
    axisTick: { show: false },
    splitArea: { show: false },
  })
  const label = (sides: readonly Side[], code: string) => sides.find((side) => side.code === code)!
  return {
    grid: { left: 168, right: 12, top: 158, bottom: 8 },
    tooltip: hintOf(inks),
    visualMap: {
      type: 'piecewise',
      dimension: 2,
      orient: 'horizontal',
      left: 'left',
      top: 4,
      itemWidth: 22,
      itemHeight: 14,
      itemGap: 14,
      textStyle: { color: inks['ink-2']! },
      pieces: found.map(({ from, to }, at) => ({
        gt: from,
        ...(to === null ? {} : { lte: to }),
        label:
          to === null
            ? `> ${amount(from)}`
            : from === 0
              ? `≤ ${amount(to)}`
              : // The bound itself is of the class before.
                `${amount(from + 1)}–${amount(to)}`,
        color: shades[at]!,
      })),
    },
    xAxis: {
      ...axis(matrix.columns, how.titles.to, inks['recipient-text']!),
      position: 'top',
      nameLocation: 'middle',
      nameGap: 106,
      axisLabel: {
        interval: 0,
        rotate: 55,
        color: inks['ink']!,
        formatter: (code: string) => label(matrix.columns, code).name,
        fontSize: 12,
      },
    },
    yAxis: {
      ...axis(matrix.rows, how.titles.from, inks['supporter']!),
      inverse: true,
      nameLocation: 'middle',
      nameGap: 146,
      axisLabel: {
        interval: 0,
        color: inks['ink']!,
        formatter: (code: string) => {
          const side = label(matrix.rows, code)
          return `${side.name}  {n|${amount(side.total)}}`
        },
        rich: { n: { color: inks['ink-2']!, fontSize: 11 } },
      },
    },
    series: [
      {
        type: 'heatmap',
        id: 'matrix',
        data: matrix.cells.map(({ row, column, value, ribbon }) => {
          const id = `${ribbon.supporter}:${ribbon.recipient}`
          return {
            id,
            value: [column, row, value],
            told: `${matrix.rows[row]!.name} → ${matrix.columns[column]!.name}: ${how.exactly(value)}`,
            label: { color: onShade(value, found, shades, inks) },
            ...(id === how.selected ? { itemStyle: { borderColor: inks['ink']!, borderWidth: 3 } } : {}),
          }
        }),
        label: {
          show: matrix.columns.length <= 40,
          fontSize: 11,
          formatter: (told) => how.inCell((told.value as number[])[2]!),
        },
        itemStyle: { borderColor: inks['card']!, borderWidth: 2, borderRadius: 3 },
        emphasis: { itemStyle: { borderColor: inks['ink']!, borderWidth: 2 } },
      },
    ],
  } as EChartsOption
}

/** Ink that can be read on the class's shade: the strong half takes the colour of paper. */
function onShade(
  value: number,
  found: readonly { from: number; to: number | null }[],
  shades: readonly string[],
  inks: Inks,
): string {
  const at = found.findIndex(({ from, to }) => value > from && (to === null || value <= to))
  return at >= shades.length - 2 && shades.length > 2 ? inks['card']! : inks['ink']!
}

/** The matrix as rows. */
export function twinOfMatrix(
  matrix: Matrix,
  titles: { from: string; to: string; value: string; unit: string },
): Twin {
  return {
    columns: [
      { key: 'from', title: titles.from },
      { key: 'to', title: titles.to },
      { key: 'value', title: titles.value, unit: titles.unit, number: true },
    ],
    rows: [...matrix.cells]
      .sort((a, b) => b.value - a.value)
      .map(({ row, column, value, ribbon }) => ({
        id: `${ribbon.supporter}:${ribbon.recipient}`,
        from: matrix.rows[row]!.name,
        to: matrix.columns[column]!.name,
        value,
      })),
  }
}
