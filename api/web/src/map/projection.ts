/**
 * The map's plane: Albers' equal-area conic, as China's standard maps have it (parallels 25° and 47° N, centre 105° E).
 *
 * Coordinates are projected once, when shapes come in, not at each drawing; the plane's y grows to the north, as ECharts expects.
 */
import { geoConicEqualArea } from 'd3-geo'

export type Point = [number, number]

const albers = geoConicEqualArea()
  .parallels([25, 47])
  .rotate([-105, 0])
  .center([0, 36])
  .scale(1000)
  .translate([0, 0])

/** Longitude and latitude (degrees) as a point of the plane. */
export function project(place: readonly [number, number]): Point {
  const found = albers([place[0], place[1]])
  return found ? [found[0], -found[1]] : [0, 0]
}

/** A point of the plane as longitude and latitude. */
export function unproject(point: Point): Point {
  const found = albers.invert?.([point[0], -point[1]])
  return found ?? [0, 0]
}

/** The corners (north-west, south-east) of the plane's rectangle that holds a box of degrees. */
export function corners(west: number, south: number, east: number, north: number): [Point, Point] {
  const steps = Array.from({ length: 11 }, (_, at) => at / 10)
  const along = steps.flatMap((t) => {
    const lon = west + t * (east - west)
    const lat = south + t * (north - south)
    return [project([lon, south]), project([lon, north]), project([west, lat]), project([east, lat])]
  })
  const [xs, ys] = [along.map((p) => p[0]), along.map((p) => p[1])]
  return [
    [Math.min(...xs), Math.max(...ys)],
    [Math.max(...xs), Math.min(...ys)],
  ]
}

/** The country without the islands of the South China Sea, which stand in an inset. */
export const MAINLAND = corners(75.5, 18.2, 133.5, 53.2)
export const SOUTH_SEA = corners(106.5, 3.2, 123.5, 23.5)
