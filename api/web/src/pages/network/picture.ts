/** A network as a picture that ECharts draws, and the same as a table. */
import type { EChartsOption } from '@/chart/echarts'
import type { Twin } from '@/chart/table'
import type { Language } from '@/words/language'
import type { Point } from './layout'
import { LIES_IN, type Link, type Net, type Node, type Role } from './net'
import { bend } from './radial'
import { hintOf } from './hint'
import { fillOf, formOf, type Inks, nameIn, strokeOfLink } from './style'

export interface Drawing {
  net: Net
  places: ReadonlyMap<string, Point>
  roles: ReadonlyMap<string, Role>
  levels: readonly string[]
  kinds: readonly string[]
  inks: Inks
  language: Language
  /** Who is in the middle and who is selected. */
  centre: string
  selected: string
  /** Drawn by hierarchy: links bend by the middle. */
  round?: boolean
  titles: {
    kind: (kind: string) => string
    level: (level: string) => string
    mark: (mark: string) => string
    role: (role: Role) => string
  }
}

/** The option of a graph whose nodes stand where they were placed; names that would overlap are left out, the smaller first. */
export function pictureOf(drawing: Drawing): EChartsOption {
  const { net, inks } = drawing
  return {
    tooltip: hintOf(inks),
    series: [
      {
        type: 'graph',
        id: 'net',
        layout: 'none',
        preserveAspect: true,
        roam: true,
        scaleLimit: { min: 0.4, max: 12 },
        left: 60,
        right: 60,
        top: 30,
        bottom: 30,
        data: net.nodes.map((node) => dot(node, drawing)),
        links: net.links.map((link) => line(link, drawing)),
        label: {
          show: true,
          position: 'bottom',
          distance: 4,
          color: inks['ink']!,
          textBorderColor: inks['card']!,
          textBorderWidth: 3,
        },
        labelLayout: { hideOverlap: true },
        emphasis: { focus: 'adjacency', label: { show: true }, lineStyle: { opacity: 1 } },
        blur: { itemStyle: { opacity: 0.25 }, lineStyle: { opacity: 0.1 } },
        edgeSymbol: ['none', 'arrow'],
        edgeSymbolSize: 7,
      },
    ],
  } as EChartsOption
}

function dot(node: Node, drawing: Drawing): object {
  const { places, roles, levels, inks, language, centre, selected, titles } = drawing
  const form = formOf(node.level, levels)
  const role = roles.get(node.id) ?? 'none'
  const here = node.id === centre
  const chosen = node.id === selected
  const name = nameIn(node, language)
  const scale = drawing.net.nodes.length > 120 ? 0.62 : 1
  return {
    id: node.id,
    name: node.id,
    ...places.get(node.id),
    symbol: form.symbol,
    symbolSize: form.size * scale * (here ? 1.4 : 1),
    itemStyle: {
      color: fillOf(role, inks),
      borderColor: chosen ? inks['ink']! : inks['card']!,
      borderWidth: chosen ? 4 : Math.max(1, form.ring),
      ...(form.ring > 2 && !chosen
        ? { shadowBlur: 0, shadowColor: inks['ink-3']!, borderColor: inks['ink-3']! }
        : {}),
    },
    label: {
      formatter: name,
      fontSize: here ? 15 : form.size >= 25 ? 13 : 12,
      fontWeight: here || chosen ? 700 : 400,
      ...(scale < 1 && form.size < 12 ? { show: chosen } : {}),
    },
    told: [
      name === node.name ? name : `${name} ${node.name}`,
      `${titles.level(node.level)} · ${titles.role(role)}`,
      node.id,
    ].join('\n'),
  }
}

function line(link: Link, drawing: Drawing): object {
  const { kinds, inks, places, titles, net } = drawing
  const stroke = strokeOfLink(link, kinds)
  const [from, to] = [places.get(link.source), places.get(link.target)]
  const tree = link.kind === LIES_IN
  const many = net.links.length > 120
  const names = [link.source, link.target].map((id) => {
    const node = net.nodes.find((one) => one.id === id)
    return node ? nameIn(node, drawing.language) : id
  })
  return {
    source: link.source,
    target: link.target,
    symbol: tree ? ['none', 'none'] : ['none', 'arrow'],
    symbolSize: [0, (many ? 3 : 5) + stroke.width],
    lineStyle: {
      color: inks[stroke.ink]!,
      width: stroke.width * (many ? 0.6 : 1),
      type: stroke.type,
      opacity: many ? 0.55 : 0.85,
      curveness: tree ? 0 : drawing.round && from && to ? bend(from, to) : 0.12,
    },
    told: [`${names[0]} → ${names[1]}`, titles.kind(link.kind), link.mark ? titles.mark(link.mark) : '']
      .filter(Boolean)
      .join('\n'),
  }
}

/** Its links as rows. */
export function twinOf(
  drawing: Drawing,
  columns: { supporter: string; recipient: string; kind: string; mark: string; relation: string },
): Twin {
  const { net, titles, language } = drawing
  const names = new Map(net.nodes.map((node) => [node.id, nameIn(node, language)]))
  const name = (id: string) => names.get(id) ?? id
  return {
    columns: (['supporter', 'recipient', 'kind', 'mark', 'relation'] as const).map((key) => ({
      key,
      title: columns[key],
    })),
    rows: net.links.map((link) => ({
      id: link.source,
      supporter: name(link.source),
      recipient: name(link.target),
      kind: titles.kind(link.kind),
      mark: link.mark ? titles.mark(link.mark) : '',
      relation: link.relation,
    })),
  }
}
