/** Shapes as they come from the service (TopoJSON): taken apart, projected, made known to ECharts. */
import type { Feature, FeatureCollection, Geometry, MultiLineString, Position } from 'geojson'
import { feature, mesh } from 'topojson-client'
import type { GeometryCollection, GeometryObject, Topology } from 'topojson-specification'
import { registerMap } from '@/chart/echarts'
import { type Point, project } from './projection'

/** What is told of a region beside its shape. */
export interface RegionAbout {
  name?: string
  parent?: string
  lon?: number
  lat?: number
  /** How its shape was found; `bare`: a shape that is none of the network's regions; `point`: it has none. */
  how: 'code' | 'succession' | 'containing' | 'point' | 'bare'
}

export interface Region extends RegionAbout {
  code: string
  /** Where its seat is, or the middle of its shape, in the plane. */
  at: Point
}

export interface Shapes {
  /** The name under which ECharts knows them. */
  map: string
  regions: Map<string, Region>
  /** Borders between the regions above (provinces, where these are counties), each a run of points. */
  borders: Point[][]
  /** Borders that belong to no region, among them the ten-dash line. */
  lines: Point[][]
  /** There are no shapes: only points, to be drawn as tiles. */
  bare: boolean
}

type Regions = GeometryCollection<RegionAbout>

/** Take apart what came; `level` names it for ECharts, together with its version. */
export function shapesOf(topology: Topology, level: string, version: string): Shapes {
  const objects = topology.objects as unknown as {
    regions: Regions
    points: Regions
    lines: GeometryCollection
  }
  const map = `${level} ${version}`
  const whole = feature(topology, objects.regions) as FeatureCollection<Geometry, RegionAbout>
  const regions = new Map<string, Region>()
  const features: Feature[] = []
  for (const one of whole.features) {
    const code = String(one.id)
    const geometry = planar(one.geometry)
    regions.set(code, { ...one.properties, code, at: middle(one.properties, geometry) })
    // What lies at the same shape (counties that were merged since) is drawn once, the first on top.
    features.push({ type: 'Feature', id: code, properties: { code }, geometry })
  }
  for (const one of (feature(topology, objects.points) as FeatureCollection<Geometry, RegionAbout>)
    .features) {
    regions.set(String(one.id), {
      ...one.properties,
      code: String(one.id),
      at: middle(one.properties, undefined),
    })
  }
  const lines = (feature(topology, objects.lines) as FeatureCollection).features.flatMap((one) =>
    runs(planar(one.geometry)),
  )
  if (features.length) registerMap(map, { type: 'FeatureCollection', features } as never)
  return { map, regions, borders: above(topology, objects.regions), lines, bare: features.length === 0 }
}

/** Borders between regions of which the ones above differ: two digits of the code, which every shape has. */
function above(topology: Topology, regions: Regions): Point[][] {
  const of = (one: GeometryObject) => String(one.id).slice(0, 2)
  const found = mesh(
    topology as Topology,
    regions as never,
    (a, b) => a === b || of(a) !== of(b),
  ) as MultiLineString
  return runs(planar(found))
}

function planar<G extends Geometry>(geometry: G): G {
  const deep = (value: unknown): unknown =>
    Array.isArray(value) && typeof value[0] === 'number'
      ? project(value as unknown as Point)
      : (value as unknown[]).map(deep)
  return { ...geometry, coordinates: deep((geometry as { coordinates: unknown } & Geometry).coordinates) }
}

function runs(geometry: Geometry): Point[][] {
  if (geometry.type === 'LineString') return [geometry.coordinates as Point[]]
  if (geometry.type === 'MultiLineString') return geometry.coordinates as Point[][]
  return []
}

/** The seat; else the middle of the largest ring's box. */
function middle(about: RegionAbout, geometry: Geometry | undefined): Point {
  if (about.lon != null && about.lat != null) return project([about.lon, about.lat])
  const rings =
    geometry?.type === 'Polygon'
      ? geometry.coordinates
      : geometry?.type === 'MultiPolygon'
        ? geometry.coordinates.flat()
        : []
  const largest = rings.reduce<Position[]>((most, ring) => (ring.length > most.length ? ring : most), [])
  if (!largest.length) return [0, 0]
  const [xs, ys] = [largest.map((p) => p[0]!), largest.map((p) => p[1]!)]
  return [(Math.min(...xs) + Math.max(...xs)) / 2, (Math.min(...ys) + Math.max(...ys)) / 2]
}
