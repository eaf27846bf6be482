/** The shortest connections between two as a picture read from left to right. */
import type { Net } from './net'
import type { Point } from './layout'

const [ACROSS, DOWN] = [190, 74]

/** Places by step: one end at the left, the other at the right, what lies between in its column. */
export function byStep(paths: readonly Net[]): Map<string, Point> {
  const columns: string[][] = []
  for (const path of paths)
    path.nodes.forEach(({ id }, step) => {
      const column = (columns[step] ??= [])
      if (!column.includes(id)) column.push(id)
    })
  return new Map(
    columns.flatMap((column, step) =>
      column.map((id, at): [string, Point] => [
        id,
        { x: step * ACROSS, y: (at - (column.length - 1) / 2) * DOWN },
      ]),
    ),
  )
}

/** Height of the picture (pixels). */
export function tall(places: ReadonlyMap<string, Point>): number {
  const ys = [...places.values()].map(({ y }) => y)
  return Math.min(900, Math.max(300, Math.max(...ys, 0) - Math.min(...ys, 0) + 180))
}
