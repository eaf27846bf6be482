/** A ribbon from a supporter to a recipient: a bow that is wide where support begins and narrow where it arrives, so that its direction is clear. */
import type { Point } from './projection'

const STEPS = 22
/** How far the bow stands off the straight way, as a share of its length. */
const BOW = 0.16

/**
 * The outline of a ribbon on the screen.
 *
 * @param from where support begins (px)
 * @param to where it arrives (px)
 * @param width at its beginning (px); at its end a third of it, not under 1
 */
export function ribbonOf(from: Point, to: Point, width: number): Point[] {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]]
  const length = Math.hypot(dx, dy)
  if (length < 2) return []
  const bow: Point = [(from[0] + to[0]) / 2 + dy * BOW, (from[1] + to[1]) / 2 - dx * BOW]
  const narrow = Math.max(1, width / 3)
  const left: Point[] = []
  const right: Point[] = []
  for (let step = 0; step <= STEPS; step++) {
    const t = step / STEPS
    const x = (1 - t) ** 2 * from[0] + 2 * (1 - t) * t * bow[0] + t ** 2 * to[0]
    const y = (1 - t) ** 2 * from[1] + 2 * (1 - t) * t * bow[1] + t ** 2 * to[1]
    const tx = 2 * (1 - t) * (bow[0] - from[0]) + 2 * t * (to[0] - bow[0])
    const ty = 2 * (1 - t) * (bow[1] - from[1]) + 2 * t * (to[1] - bow[1])
    const half = (width + (narrow - width) * t) / 2 / (Math.hypot(tx, ty) || 1)
    left.push([x - ty * half, y + tx * half])
    right.push([x + ty * half, y - tx * half])
  }
  return [...left, ...right.reverse()]
}

/** Width (px) of a value among values of which the largest is given: areas are compared, so the root; nothing is thinner than can be seen. */
export function widthOf(value: number, largest: number, most = 16): number {
  return value <= 0 || largest <= 0 ? 1.2 : Math.max(1.6, most * Math.sqrt(value / largest))
}
