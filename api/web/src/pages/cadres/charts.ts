/** Charts of the page as ECharts draws them, and the same figures as tables. */
import type { EChartsOption } from '@/chart/echarts'
import type { Twin } from '@/chart/table'

export interface Inks {
  supporter: string
  recipient: string
  accent: string
  line: string
  'line-2': string
  'ink-2': string
  ink: string
}

export interface Bar {
  id: string
  name: string
  /** One number for each series. */
  values: readonly number[]
}

export interface Series {
  key: string
  title: string
  colour: string
}

export interface Bars {
  bars: readonly Bar[]
  series: readonly Series[]
  category: string
  unit: string
  /** Bars lie, their names at the left. */
  lying?: boolean
  /** Series stand on each other; else beside. */
  stacked?: boolean
}

export function barOption({ bars, series, lying = false, stacked = true }: Bars, inks: Inks): EChartsOption {
  const names = {
    type: 'category' as const,
    data: bars.map((bar) => bar.name),
    inverse: lying,
    axisLabel: { color: inks['ink-2'], interval: 0, hideOverlap: !lying },
    axisTick: { show: false },
    axisLine: { lineStyle: { color: inks['line-2'] } },
  }
  const values = {
    type: 'value' as const,
    minInterval: 1,
    splitNumber: 3,
    axisLabel: { color: inks['ink-2'], hideOverlap: true },
    splitLine: { lineStyle: { color: inks.line } },
  }
  return {
    grid: { left: 8, right: 16, top: 34, bottom: 4, outerBoundsMode: 'same' },
    legend: { top: 0, left: 0, itemWidth: 12, itemHeight: 12, textStyle: { color: inks.ink } },
    tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' }, confine: true },
    xAxis: lying ? values : names,
    yAxis: lying ? names : values,
    series: series.map((one, at) => ({
      type: 'bar' as const,
      id: one.key,
      name: one.title,
      ...(stacked && { stack: 'all' }),
      barMaxWidth: lying ? 14 : 44,
      itemStyle: { color: one.colour },
      data: bars.map((bar) => ({ value: bar.values[at] ?? 0, id: bar.id, name: bar.name })),
    })),
  }
}

export function barTwin({ bars, series, category, unit }: Bars): Twin {
  return {
    columns: [
      { key: 'name', title: category },
      ...series.map((one) => ({ key: one.key, title: one.title, unit, number: true })),
    ],
    rows: bars.map((bar) => ({
      id: bar.id,
      name: bar.name,
      ...Object.fromEntries(series.map((one, at) => [one.key, bar.values[at] ?? 0])),
    })),
  }
}
