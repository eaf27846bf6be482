/**
 * Where nodes stand: by forces, the same picture each time. What is expanded is added around the node that was pressed, and what
 * stood already stays.
 */
import {
  forceCollide,
  forceLink,
  forceManyBody,
  forceSimulation,
  forceX,
  forceY,
  type SimulationNodeDatum,
} from 'd3-force'
import type { Net } from './net'

export interface Point {
  x: number
  y: number
}
export interface Stage {
  /** Around whom the new nodes of this stage begin. */
  around: string
  net: Net
}
interface Body extends SimulationNodeDatum {
  id: string
}
/** Rounds of the forces: fewer for many nodes, so that nobody waits. */
const roundsFor = (nodes: number) => Math.round(Math.min(160, Math.max(50, 24_000 / nodes)))
/** The angle at which leaves follow each other on a stem: neighbours never hide each other. */
const GOLDEN = Math.PI * (3 - Math.sqrt(5))

/** Places of all nodes of all stages, stage after stage. */
export function placed(stages: readonly Stage[]): Map<string, Point> {
  let places = new Map<string, Point>()
  for (const stage of stages) places = withStage(places, stage)
  return places
}

function withStage(before: ReadonlyMap<string, Point>, { around, net }: Stage): Map<string, Point> {
  const from = before.get(around) ?? { x: 0, y: 0 }
  // Beyond the node that is expanded there is room; towards the middle stand the others.
  const out = 1 + 130 / Math.max(130, Math.hypot(from.x, from.y))
  const bodies = net.nodes.map((node, at): Body => {
    const stands = before.get(node.id)
    if (stands) return { id: node.id, ...stands, fx: stands.x, fy: stands.y }
    const far = 12 * Math.sqrt(at + 1)
    return {
      id: node.id,
      x: from.x * out + far * Math.cos(at * GOLDEN),
      y: from.y * out + far * Math.sin(at * GOLDEN),
    }
  })
  const centre = before.size ? undefined : bodies.find((body) => body.id === around)
  if (centre) Object.assign(centre, { fx: 0, fy: 0 })
  if (bodies.some((body) => body.fx === undefined)) settle(bodies, net, before.size === 0)
  const after = new Map(before)
  for (const { id, x = 0, y = 0 } of bodies) after.set(id, { x, y })
  return after
}

function settle(bodies: Body[], net: Net, first: boolean): void {
  const rounds = roundsFor(bodies.length)
  const degree = new Map<string, number>()
  for (const { source, target } of net.links)
    for (const id of [source, target]) degree.set(id, (degree.get(id) ?? 0) + 1)
  const links = net.links.map(({ source, target }) => ({ source, target }))
  const hub = (id: string) => Math.sqrt(degree.get(id) ?? 1)
  forceSimulation(bodies)
    .force(
      'link',
      forceLink<Body, { source: string | Body; target: string | Body }>(links)
        .id((body) => body.id)
        .distance(
          ({ source, target }) => 34 + 7 * Math.max(hub((source as Body).id), hub((target as Body).id)),
        ),
    )
    .force(
      'apart',
      forceManyBody<Body>()
        .strength((body) => -70 - 26 * hub(body.id))
        .distanceMax(700),
    )
    .force(
      'room',
      forceCollide<Body>((body) => 15 + 2 * hub(body.id)),
    )
    // Pictures are wider than high; what is added later is not drawn to the middle.
    .force('x', forceX<Body>().strength(first ? 0.03 : 0))
    .force('y', forceY<Body>().strength(first ? 0.09 : 0))
    .alphaDecay(1 - 0.001 ** (1 / rounds))
    .stop()
    .tick(rounds)
}
