/** Networks as they are drawn: put together from answers, filtered, with the part that each node plays. */
import type { components } from '@/service/contract'

type Schemas = components['schemas']
export type Node = Schemas['Net']['nodes'][number]
export interface Link {
  source: string
  target: string
  kind: string
  relation: string
  mark: string
  /** It is no longer in force. */
  ended?: boolean
}
export interface Net {
  nodes: readonly Node[]
  links: readonly Link[]
  cut: boolean
}
export type Role = 'supporter' | 'recipient' | 'both' | 'none'
export const LIES_IN = 'lies_in'

/** An answer of the service. */
export function netOf(answer: Schemas['Net']): Net {
  return { nodes: answer.nodes, links: answer.steps, cut: answer.cut ?? false }
}

const keyOf = (link: Link) => `${link.relation || link.kind}|${link.source}|${link.target}`

/** Several networks as one; what occurs in several stands once, where it came first. */
export function merged(nets: readonly Net[]): Net {
  const nodes = new Map<string, Node>()
  const links = new Map<string, Link>()
  for (const net of nets) {
    for (const node of net.nodes) if (!nodes.has(node.id)) nodes.set(node.id, node)
    for (const link of net.links) if (!links.has(keyOf(link))) links.set(keyOf(link), link)
  }
  return { nodes: [...nodes.values()], links: [...links.values()], cut: nets.some((net) => net.cut) }
}

/** Which nodes are next to each. */
export function neighbours(links: readonly Link[]): Map<string, Set<string>> {
  const near = new Map<string, Set<string>>()
  const put = (one: string, two: string) => {
    const mine = near.get(one)
    if (mine) mine.add(two)
    else near.set(one, new Set([two]))
  }
  for (const { source, target } of links) {
    put(source, target)
    put(target, source)
  }
  return near
}

/** What is left to see: without hidden nodes and unwanted kinds, and without what then hangs on nothing. */
export function seen(net: Net, centre: string, hidden: readonly string[], without: readonly string[]): Net {
  if (!hidden.length && !without.length) return net
  const gone = new Set(hidden)
  const unwanted = new Set(without)
  const links = net.links.filter(
    (link) => !gone.has(link.source) && !gone.has(link.target) && !unwanted.has(link.kind),
  )
  const held = reached(links, centre)
  return {
    nodes: net.nodes.filter((node) => held.has(node.id)),
    links: links.filter((link) => held.has(link.source) && held.has(link.target)),
    cut: net.cut,
  }
}

function reached(links: readonly Link[], centre: string): Set<string> {
  const near = neighbours(links)
  const found = new Set([centre])
  const next = [centre]
  for (let one = next.pop(); one !== undefined; one = next.pop())
    for (const other of near.get(one) ?? [])
      if (!found.has(other)) {
        found.add(other)
        next.push(other)
      }
  return bearing(links, found, centre)
}

/** Of places that only lie in one another, those that lead to a relation. */
function bearing(links: readonly Link[], found: Set<string>, centre: string): Set<string> {
  const left = new Set(found)
  const near = neighbours(links)
  const related = new Set(links.filter((l) => l.kind !== LIES_IN).flatMap((l) => [l.source, l.target]))
  const bare = [...left].filter((id) => isBare(id))
  for (let one = bare.pop(); one !== undefined; one = bare.pop()) {
    if (!left.has(one) || !isBare(one)) continue
    left.delete(one)
    for (const other of near.get(one) ?? []) if (isBare(other)) bare.push(other)
  }
  return left

  /** It bears no relation and hangs on one place only. */
  function isBare(id: string): boolean {
    if (id === centre || related.has(id)) return false
    return [...(near.get(id) ?? [])].filter((other) => left.has(other)).length <= 1
  }
}

/** What part each node plays in the relations that are in force. */
export function rolesOf(net: Net): Map<string, Role> {
  const gives = new Set<string>()
  const takes = new Set<string>()
  for (const link of net.links)
    if (link.kind !== LIES_IN) {
      gives.add(link.source)
      takes.add(link.target)
    }
  return new Map(
    net.nodes.map(({ id }) => {
      const role = gives.has(id)
        ? takes.has(id)
          ? 'both'
          : 'supporter'
        : takes.has(id)
          ? 'recipient'
          : 'none'
      return [id, role]
    }),
  )
}

/** Kinds that occur, with how often; the tree of regions last. */
export function kindsOf(net: Net): [kind: string, links: number][] {
  const count = new Map<string, number>()
  for (const { kind } of net.links) count.set(kind, (count.get(kind) ?? 0) + 1)
  return [...count].sort((a, b) => Number(a[0] === LIES_IN) - Number(b[0] === LIES_IN) || b[1] - a[1])
}

/** Marks that occur. */
export function marksOf(net: Net): string[] {
  return [...new Set(net.links.map((link) => link.mark).filter(Boolean))]
}

/** The place that each lies in, as far as the network shows it. */
export function aboveOf(net: Net): Map<string, string> {
  return new Map(net.links.filter((l) => l.kind === LIES_IN).map((l) => [l.source, l.target]))
}
