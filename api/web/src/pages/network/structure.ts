/** The shape of the whole network: how central each is, and the groups it falls into. */
import type { EChartsOption } from '@/chart/echarts'
import type { components } from '@/service/contract'
import { hintOf } from './hint'
import type { Inks } from './style'

export type Structure = components['schemas']['Structure']
export type Centre = Structure['centrality'][number]
export interface Community {
  /** Its most central member. */
  head: { id: string; name: string }
  members: Structure['communities'][number]
  /** Levels that occur, the commonest first. */
  levels: [level: string, members: number][]
}

/** Communities, the largest first, each named by its most central member. */
export function communitiesOf(answer: Structure): Community[] {
  const rank = new Map(answer.centrality.map(({ id }, at) => [id, at]))
  return answer.communities.map((members) => {
    const head = members.reduce((best, one) =>
      (rank.get(one.id) ?? Infinity) < (rank.get(best.id) ?? Infinity) ? one : best,
    )
    const count = new Map<string, number>()
    for (const { level } of members) count.set(level, (count.get(level) ?? 0) + 1)
    return { head, members, levels: [...count].sort((a, b) => b[1] - a[1]) }
  })
}

/** Articulation points with their figures, the most central first. */
export function articulation(answer: Structure): Centre[] {
  const cut = new Set(answer.articulation_points.map(({ id }) => id))
  return answer.centrality.filter(({ id }) => cut.has(id))
}

/** Relations against betweenness; names of the most central, where they have room. */
export function cloudOf(
  answer: Structure,
  how: {
    inks: Inks
    number: (value: number) => string
    titles: { degree: string; betweenness: string; articulation: string; plain: string }
  },
): EChartsOption {
  const { inks, titles } = how
  const cut = new Set(answer.articulation_points.map(({ id }) => id))
  const named = new Set(answer.centrality.slice(0, 30).map(({ id }) => id))
  const axis = (name: string) => ({
    name,
    nameTextStyle: { color: inks['ink-2']! },
    axisLabel: { color: inks['ink-2']! },
    axisLine: { lineStyle: { color: inks['line-2']! } },
    splitLine: { lineStyle: { color: inks['line']! } },
  })
  const dots = (points: readonly Centre[], filled: boolean) => ({
    type: 'scatter' as const,
    id: filled ? 'articulation' : 'plain',
    name: filled ? titles.articulation : titles.plain,
    symbolSize: filled ? 9 : 6,
    itemStyle: filled
      ? { color: inks['accent']!, borderColor: inks['card']!, borderWidth: 1 }
      : { color: 'transparent', borderColor: inks['ink-3']!, borderWidth: 1 },
    data: points.map((one) => ({
      id: one.id,
      name: one.name,
      value: [one.degree, one.betweenness],
      told: `${one.name}\n${titles.degree} ${how.number(one.degree)}\n${titles.betweenness} ${how.number(one.betweenness)}`,
      // Names at the right edge stand to the left of their dot, where they have room.
      label: { show: named.has(one.id), ...(one.degree > 12 ? { position: 'left' } : {}) },
    })),
    label: {
      show: true,
      position: 'top' as const,
      formatter: '{b}',
      color: inks['ink']!,
      fontSize: 11,
      textBorderColor: inks['card']!,
      textBorderWidth: 2,
    },
    labelLayout: { hideOverlap: true },
    emphasis: { label: { show: true } },
  })
  const links = answer.centrality.map((one) => one.degree)
  return {
    grid: { left: 64, right: 28, top: 40, bottom: 44 },
    legend: { top: 0, right: 0, textStyle: { color: inks['ink']! } },
    tooltip: hintOf(inks),
    xAxis: {
      type: 'log',
      min: 1,
      max: Math.max(10, ...links) * 1.2,
      ...axis(titles.degree),
      nameLocation: 'middle',
      nameGap: 28,
    },
    yAxis: { type: 'value', ...axis(titles.betweenness) },
    series: [
      dots(
        answer.centrality.filter(({ id }) => !cut.has(id)),
        false,
      ),
      dots(
        answer.centrality.filter(({ id }) => cut.has(id)),
        true,
      ),
    ],
  } as EChartsOption
}
