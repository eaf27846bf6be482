/** The pairs between two provinces as streams of support. */
import type { EChartsOption } from '@/chart/echarts'
import type { Twin } from '@/chart/table'
import type { Ribbon, Ribbons } from './ribbons'
import { hintOf } from './hint'
import type { Inks } from './style'

interface End {
  code: string
  name: string
}
export interface Pair {
  supporter: End
  recipient: End
  ribbon: Ribbon
}

const keyOf = (ribbon: Ribbon) => `${ribbon.supporter}:${ribbon.recipient}`

/**
 * Pairs in force from within one province to within the other: those that touch both. What touches the first may give or take, so
 * pairs that run the other way are told by where else their ends occur.
 */
export function between(ofGiver: Ribbons, ofTaker: Ribbons, giver: string, taker: string): Pair[] {
  const touches = new Set(ofTaker.ribbons.map(keyOf))
  const names = new Map([...ofGiver.places, ...ofTaker.places].map((place) => [place.code, place.name]))
  const end = (code: string): End => ({ code, name: names.get(code) ?? code })
  return ofGiver.ribbons
    .filter((ribbon) => ribbon.relations > 0 && touches.has(keyOf(ribbon)))
    .filter((ribbon) => giver === taker || liesIn(ribbon.supporter, giver, taker))
    .map((ribbon) => ({ supporter: end(ribbon.supporter), recipient: end(ribbon.recipient), ribbon }))
    .sort((a, b) => b.ribbon.relations - a.ribbon.relations || (keyOf(a.ribbon) < keyOf(b.ribbon) ? -1 : 1))
}

/** Which of two provinces a code is of: the one with which it shares more of its beginning. */
function liesIn(code: string, province: string, other: string): boolean {
  const shared = (one: string) => [...one].findIndex((sign, at) => sign !== code[at])
  const [mine, theirs] = [shared(province), shared(other)].map((at) => (at < 0 ? Infinity : at))
  return mine! >= theirs!
}

/** Two columns, so that support that is returned never makes a circle. */
export function streams(
  pairs: readonly Pair[],
  how: { inks: Inks; kind: (kind: string) => string },
): EChartsOption {
  const { inks } = how
  const nodes = new Map<string, object>()
  for (const { supporter, recipient } of pairs) {
    nodes.set(`>${supporter.code}`, node(`>${supporter.code}`, supporter, inks['supporter']!, 'left'))
    nodes.set(`<${recipient.code}`, node(`<${recipient.code}`, recipient, inks['recipient']!, 'right'))
  }
  return {
    tooltip: hintOf(inks),
    series: [
      {
        type: 'sankey',
        id: 'pairs',
        left: 150,
        right: 170,
        top: 12,
        bottom: 12,
        nodeWidth: 10,
        nodeGap: 8,
        draggable: false,
        data: [...nodes.values()],
        links: pairs.map(({ supporter, recipient, ribbon }) => ({
          source: `>${supporter.code}`,
          target: `<${recipient.code}`,
          value: ribbon.relations,
          told: [
            `${supporter.name} → ${recipient.name}`,
            ...Object.entries(ribbon.kinds).map(([kind, many]) => `${how.kind(kind)} ${many}`),
          ].join('\n'),
        })),
        lineStyle: { color: 'gradient', opacity: 0.35, curveness: 0.5 },
        label: { color: inks['ink']!, fontSize: 12, textBorderColor: inks['card']!, textBorderWidth: 3 },
        emphasis: { focus: 'adjacency' },
      },
    ],
  } as EChartsOption
}

function node(id: string, end: End, color: string, position: 'left' | 'right'): object {
  return {
    name: id,
    code: end.code,
    told: `${end.name}\n${end.code}`,
    itemStyle: { color },
    label: { position, formatter: end.name },
  }
}

/** The pairs as rows. */
export function twinOfPairs(
  pairs: readonly Pair[],
  titles: Record<'supporter' | 'recipient' | 'kind' | 'relations' | 'pledged' | 'delivered', string> & {
    kindTitle: (kind: string) => string
  },
): Twin {
  return {
    columns: [
      { key: 'supporter', title: titles.supporter },
      { key: 'recipient', title: titles.recipient },
      { key: 'kind', title: titles.kind },
      { key: 'relations', title: titles.relations, number: true },
      { key: 'pledged', title: titles.pledged, unit: 'yuan', number: true },
      { key: 'delivered', title: titles.delivered, unit: 'yuan', number: true },
    ],
    rows: pairs.map(({ supporter, recipient, ribbon }) => ({
      id: supporter.code,
      supporter: supporter.name,
      recipient: recipient.name,
      kind: Object.keys(ribbon.kinds).map(titles.kindTitle).join('; '),
      relations: ribbon.relations,
      pledged: ribbon.pledged,
      delivered: ribbon.delivered,
    })),
  }
}
