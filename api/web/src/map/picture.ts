/** The map as ECharts is told it: land, measure, ribbons, arcs, villages, names, and the South China Sea in its inset. */
import type {
  CustomSeriesOption,
  GeoComponentOption as GeoOption,
  LinesSeriesOption,
  ScatterSeriesOption,
} from 'echarts'
import type { EChartsOption } from '@/chart/echarts'
import { tip, type TipLine } from '@/chart/tip'
import { MAINLAND, type Point, SOUTH_SEA } from './projection'
import { ribbonOf } from './ribbon'
import type { Shapes } from './topology'

export interface Ribbon {
  id: string
  from: Point
  to: Point
  /** At its beginning (px). */
  width: number
  /** How much it counts among the others (0–1): what counts little is drawn lightly, not left out. */
  weight: number
  title: string
  lines: readonly TipLine[]
  /** Support that has ended, or that a plan only proposes. */
  dashed: boolean
  /** Others are chosen. */
  faint: boolean
}

export interface Filled {
  colour: string
  lines: readonly TipLine[]
}

export interface Inks {
  card: string
  ink: string
  'ink-2': string
  'ink-3': string
  line: string
  'line-2': string
  land: string
  'land-line': string
  sea: string
  supporter: string
  recipient: string
  raised: string
  accent: string
}

export interface Scene {
  shapes: Shapes
  /** Coarser shapes for the inset. */
  inset: Shapes
  inks: Inks
  fills: ReadonlyMap<string, Filled>
  ribbons: readonly Ribbon[]
  arcs: readonly Ribbon[]
  villages: Float32Array | undefined
  /** `weight` (0–1): how much a place counts among them. */
  names: readonly { text: string; at: Point; weight: number }[]
  chosen: string
  titleOf: (code: string) => string
  view: { centre: Point; zoom: number } | undefined
  /** How much larger than on a laptop letters and lines are. */
  scale: number
}

const INSET = { width: 104, height: 136 }
const [EARTH, BORDER, ARC, BAND, DOT, NAME, FRAME, INSIDE] = [0, 3, 4, 5, 6, 8, 18, 20]

/** The whole picture. */
export function pictureOf(scene: Scene): EChartsOption {
  return {
    geo: [mainland(scene), southSea(scene)],
    graphic: frame(scene),
    tooltip: {
      trigger: 'item',
      confine: true,
      backgroundColor: scene.inks.raised,
      borderColor: scene.inks.line,
      textStyle: { color: scene.inks.ink },
      formatter: (one: unknown) =>
        told(scene, one as { name?: string; componentType?: string; seriesId?: string; dataIndex: number }),
    },
    series: [...borders(scene), arcs(scene), bands(scene), ...villages(scene), names(scene)],
  } as EChartsOption
}

function mainland({ shapes, inks, fills, chosen, view }: Scene): GeoOption {
  return {
    map: shapes.map,
    nameProperty: 'code',
    aspectScale: 1,
    preserveAspect: 'contain',
    roam: true,
    zlevel: 0,
    z: EARTH,
    left: 8,
    right: 8,
    top: 8,
    bottom: 8,
    boundingCoords: MAINLAND,
    scaleLimit: { min: 0.8, max: 60 },
    ...(view ? { center: view.centre, zoom: view.zoom } : {}),
    itemStyle: { areaColor: inks.land, borderColor: inks['land-line'], borderWidth: 0.5 },
    emphasis: { itemStyle: { borderColor: inks.ink, borderWidth: 1.2 }, label: { show: false } },
    select: { disabled: true },
    label: { show: false },
    tooltip: { show: true },
    regions: [...fills].map(([name, filled]) => ({
      name,
      itemStyle: {
        areaColor: filled.colour,
        ...(name === chosen ? { borderColor: inks.ink, borderWidth: 2 } : {}),
      },
      emphasis: { itemStyle: { areaColor: filled.colour } },
    })),
  } as GeoOption
}

function southSea({ inset, inks, fills, scale }: Scene): GeoOption {
  return {
    map: inset.map,
    nameProperty: 'code',
    aspectScale: 1,
    preserveAspect: 'contain',
    roam: false,
    silent: true,
    clip: true,
    z: FRAME + 1,
    right: 14,
    bottom: 14,
    width: INSET.width * scale,
    height: INSET.height * scale,
    boundingCoords: SOUTH_SEA,
    itemStyle: { areaColor: inks.land, borderColor: inks['land-line'], borderWidth: 0.5 },
    label: { show: false },
    regions: [...fills].map(([name, filled]) => ({ name, itemStyle: { areaColor: filled.colour } })),
  } as GeoOption
}

function frame({ inks, scale }: Scene): object[] {
  const shape = { width: INSET.width * scale, height: INSET.height * scale, r: 4 }
  const placed = { type: 'rect', right: 14, bottom: 14, shape, silent: true }
  return [
    { ...placed, z: FRAME, style: { fill: inks.card } },
    { ...placed, z: INSIDE + 1, style: { fill: 'none', stroke: inks['line-2'], lineWidth: 1 } },
  ]
}

function borders({ shapes, inset, inks }: Scene): LinesSeriesOption[] {
  const drawn = (
    id: string,
    runs: readonly Point[][],
    geoIndex: number,
    width: number,
    z: number,
  ): LinesSeriesOption => ({
    id,
    type: 'lines',
    coordinateSystem: 'geo',
    geoIndex,
    polyline: true,
    silent: true,
    z,
    progressive: 0,
    lineStyle: { color: inks['line-2'], width, opacity: 1, curveness: 0 },
    data: runs.map((coords) => ({ coords })),
  })
  return [
    drawn('borders', shapes.borders, 0, 0.8, BORDER),
    drawn('lines', shapes.lines, 0, 1.2, BORDER),
    drawn('lines of the inset', inset.lines.filter(inSouthSea), 1, 1.4, INSIDE),
  ]
}

/** Lines are not cut at the inset's frame: those that leave it are left to the map itself. */
function inSouthSea(run: readonly Point[]): boolean {
  const [[west, north], [east, south]] = SOUTH_SEA
  return run.every(([x, y]) => x >= west && x <= east && y >= south && y <= north)
}

interface Pen {
  coord: (place: Point) => Point
}

function bands({ ribbons, inks, scale }: Scene): CustomSeriesOption {
  return {
    id: 'ribbons',
    type: 'custom',
    coordinateSystem: 'geo',
    geoIndex: 0,
    z: BAND,
    data: ribbons.map((one) => ({ id: one.id, name: one.title, value: [...one.from, ...one.to] })),
    renderItem: (given: { dataIndex: number }, pen: unknown) => {
      const one = ribbons[given.dataIndex]!
      const [from, to] = [(pen as Pen).coord(one.from), (pen as Pen).coord(one.to)]
      return {
        type: 'polygon',
        shape: { points: ribbonOf(from, to, one.width * scale) },
        style: {
          fill: one.dashed ? 'none' : gradient(from, to, inks),
          stroke: one.dashed ? inks.recipient : inks.card,
          lineWidth: one.dashed ? 1 : 0.5,
          ...(one.dashed ? { lineDash: [4, 3] } : {}),
          opacity: one.faint ? 0.08 : 0.34 + 0.56 * one.weight,
        },
        emphasis: { style: { opacity: 1, stroke: inks.ink, lineWidth: 1 } },
      }
    },
  } as unknown as CustomSeriesOption
}

function gradient(from: Point, to: Point, inks: Inks): object {
  const colorStops = [
    { offset: 0.1, color: inks.supporter },
    { offset: 0.9, color: inks.recipient },
  ]
  return { type: 'linear', global: true, x: from[0], y: from[1], x2: to[0], y2: to[1], colorStops }
}

function arcs({ arcs, inks }: Scene): LinesSeriesOption {
  return {
    id: 'arcs',
    type: 'lines',
    coordinateSystem: 'geo',
    geoIndex: 0,
    z: ARC,
    symbol: ['circle', 'arrow'],
    symbolSize: [3, 6],
    lineStyle: { color: inks.supporter, curveness: 0.18, opacity: 0.75, width: 1.1 },
    emphasis: { lineStyle: { width: 2.4, opacity: 1 } },
    data: arcs.map((one) => ({
      id: one.id,
      name: one.title,
      coords: [one.from, one.to],
      lineStyle: { width: one.width, type: one.dashed ? 'dashed' : 'solid' },
    })),
  } as LinesSeriesOption
}

function villages({ villages, inks }: Scene): ScatterSeriesOption[] {
  if (!villages?.length) return []
  const drawn = {
    id: 'villages',
    type: 'scatter',
    coordinateSystem: 'geo',
    geoIndex: 0,
    z: DOT,
    silent: true,
    large: true,
    largeThreshold: 0,
    symbolSize: 2.5,
    itemStyle: { color: inks.recipient, opacity: 0.65 },
    dimensions: ['x', 'y'],
    data: villages,
  }
  return [drawn as unknown as ScatterSeriesOption]
}

function names({ names, inks, scale }: Scene): ScatterSeriesOption {
  return {
    id: 'names',
    type: 'scatter',
    coordinateSystem: 'geo',
    geoIndex: 0,
    z: NAME,
    silent: true,
    symbolSize: 0.1,
    labelLayout: { hideOverlap: true },
    label: {
      show: true,
      position: 'inside',
      formatter: '{b}',
      color: inks.ink,
      fontSize: 11,
      textBorderColor: inks.card,
      textBorderWidth: 2.5,
    },
    // Where two would overlap the larger one stays: what counts more is written larger.
    data: names.map((one) => ({
      name: one.text,
      value: [...one.at],
      label: { fontSize: (9.5 + 3 * one.weight) * scale },
    })),
  } as ScatterSeriesOption
}

function told(
  scene: Scene,
  one: { name?: string; componentType?: string; seriesId?: string; dataIndex: number },
): HTMLElement | string {
  if (one.componentType === 'geo')
    return tip(scene.titleOf(one.name ?? ''), scene.fills.get(one.name ?? '')?.lines ?? [])
  const drawn = one.seriesId === 'ribbons' ? scene.ribbons : scene.arcs
  const ribbon = drawn[one.dataIndex]
  return ribbon ? tip(ribbon.title, ribbon.lines) : ''
}
