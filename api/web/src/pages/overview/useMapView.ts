/** Where one looks on the map and how near: kept in the address when the hand rests, without a step of its own in the history. */
import { useDebounceFn } from '@vueuse/core'
import { computed, ref, type Ref, watch } from 'vue'
import type { ECharts } from '@/chart/echarts'
import type { Point } from '@/map/projection'

const REST_MS = 400
const [LEAST, MOST] = [0.8, 60]

interface Seen {
  zoom: number
  center?: Point
}

/**
 * @param kept `x,y,zoom` in the plane, empty: the whole country
 * @param chart the one that is on the screen
 */
export function useMapView(kept: Ref<string>, chart: () => ECharts | undefined) {
  const zoom = ref(Number(kept.value.split(',')[2]) || 1)
  const view = computed(() => {
    const [x, y, z] = kept.value.split(',').map(Number)
    return x !== undefined && y !== undefined && z ? { centre: [x, y] as Point, zoom: z } : undefined
  })
  watch(view, (now) => (zoom.value = now?.zoom ?? 1))

  /** What the chart says of it: a copy of all that it was told, so not while it moves. */
  const seen = (): Seen | undefined => (chart()?.getOption() as { geo?: Seen[] } | undefined)?.geo?.[0]
  const written = (centre: Point, near: number) =>
    [...centre.map((n) => Math.round(n)), near.toFixed(2)].join(',')

  const rest = useDebounceFn(() => {
    const now = seen()
    if (now?.center) kept.value = written(now.center, now.zoom)
  }, REST_MS)

  function roamed(event: unknown): void {
    const factor = (event as { zoom?: number | null }).zoom
    if (factor) zoom.value = bounded(zoom.value * factor)
    void rest()
  }

  function zoomBy(factor: number): void {
    const now = seen()
    zoom.value = bounded((now?.zoom ?? zoom.value) * factor)
    kept.value = written(now?.center ?? view.value?.centre ?? [0, 0], zoom.value)
  }

  function whole(): void {
    zoom.value = 1
    kept.value = ''
    chart()?.setOption({ geo: [{ center: null, zoom: 1 }] } as never)
  }

  return { view, zoom, roamed, zoomBy, whole }
}

function bounded(zoom: number): number {
  return Math.min(MOST, Math.max(LEAST, zoom))
}
