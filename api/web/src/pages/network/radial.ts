/** Where nodes stand by the hierarchy of regions: each level a ring, what lies together side by side, units in a sector of their own. */
import { aboveOf, type Net, type Node } from './net'
import type { Point } from './layout'

const RING = 130

/** Places by hierarchy; `levels` from the highest to the lowest. */
export function radial(net: Net, levels: readonly string[]): Map<string, Point> {
  const leaves = inOrder(net)
  const angles = anglesOf(net, leaves)
  const deepest = Math.max(1, levels.length)
  return new Map(
    net.nodes.map((node) => {
      const level = levels.indexOf(node.level)
      const ring = RING * (level < 0 ? deepest : level + 1)
      const angle = angles.get(node.id) ?? 0
      return [node.id, { x: ring * Math.cos(angle), y: ring * Math.sin(angle) }]
    }),
  )
}

/** Nodes with nothing below them, in the order of the tree. */
function inOrder(net: Net): Node[] {
  const above = aboveOf(net)
  const below = new Map<string, Node[]>()
  const roots: Node[] = []
  for (const node of [...net.nodes].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const over = above.get(node.id)
    if (over === undefined) roots.push(node)
    else below.set(over, [...(below.get(over) ?? []), node])
  }
  const found: Node[] = []
  const walk = (node: Node) => {
    const mine = below.get(node.id)
    if (mine) mine.forEach(walk)
    else found.push(node)
  }
  roots.forEach(walk)
  return found
}

/** An equal share of the circle for each leaf; what is above stands in the middle of what is below. */
function anglesOf(net: Net, leaves: readonly Node[]): Map<string, number> {
  const above = aboveOf(net)
  const spans = new Map<string, [number, number]>()
  leaves.forEach((leaf, at) => {
    const angle = (2 * Math.PI * at) / leaves.length - Math.PI / 2
    for (let id: string | undefined = leaf.id; id !== undefined; id = above.get(id)) {
      const span = spans.get(id)
      spans.set(id, span ? [Math.min(span[0], angle), Math.max(span[1], angle)] : [angle, angle])
    }
  })
  return new Map([...spans].map(([id, [least, most]]) => [id, (least + most) / 2]))
}

/** How far a link bends so that it passes by the middle (ECharts' `curveness`). */
export function bend(from: Point, to: Point, share = 0.75): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y]
  const length = dx * dx + dy * dy
  if (!length) return 0
  const [mx, my] = [(from.x + to.x) / 2, (from.y + to.y) / 2]
  return (share * (-mx * dy + my * dx)) / length
}
