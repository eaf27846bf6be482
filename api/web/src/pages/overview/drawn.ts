/** Everything that the map draws, asked of the service as it is needed. */
import { computed, type ComputedRef, type Ref } from 'vue'
import type { TipLine } from '@/chart/tip'
import { project } from '@/map/projection'
import { exact, withUnit } from '@/numbers/format'
import { client } from '@/service/client'
import { useNetwork } from '@/service/network'
import { useAnswer } from '@/service/useAnswer'
import { language, useWords } from '@/words/language'
import type { Coloured } from './fills'
import type { Flow, Seat } from './ribbons'
import type { Overview, Width } from './state'
import { useProvinces } from './useProvinces'
import { WORDS } from './words'

/** From this zoom on counties are drawn, and villages. */
export const NEAR = 2.4
export const VERY_NEAR = 5

export function useDrawn(state: Overview, near: Ref<boolean>, veryNear: ComputedRef<boolean>) {
  const network = useNetwork()
  const words = useWords(WORDS)
  const width = computed<Width>(() =>
    ['delivered', 'pledged'].includes(state.width.value) ? (state.width.value as Width) : 'relations',
  )

  const known = useAnswer(['measures'], (signal) => client.GET('/api/v1/network/measures', { signal }), {
    freshMs: Infinity,
  })
  const measures = computed(() =>
    (known.data.value?.measures ?? []).filter((one) =>
      one.levels.some((of) => of.level === 'province' || of.level === 'county'),
    ),
  )
  /** Of what is coloured: counties when one is near, or where provinces have no such figure. */
  const level = computed(() => {
    const levels = measures.value.find((one) => one.measure === state.measure.value)?.levels
    const wide = !levels || levels.some((of) => of.level === 'province')
    return near.value || !wide ? 'county' : 'province'
  })
  const colours = useAnswer<Coloured>(
    () =>
      state.measure.value === 'none' || !state.day.value
        ? null
        : ['measure', state.measure.value, level.value, state.year.value],
    (signal) =>
      client.GET('/api/v1/network/measures/{measure}', {
        params: {
          path: { measure: state.measure.value },
          query: { level: level.value, ...(state.year.value ? { year: state.year.value } : {}) },
        },
        signal,
      }) as never,
  )
  const ribbons = useProvinces(state)
  const inside = useAnswer(
    () => (state.chosen.value ? ['ribbons', 'county', state.asked.value, state.chosen.value] : null),
    (signal) =>
      client.GET('/api/v1/network/ribbons', {
        params: { query: { level: 'county', within: state.chosen.value, ...state.asked.value } },
        signal,
      }),
    { keep: false },
  )
  const points = useAnswer<string>(
    () => (veryNear.value ? ['villages'] : null),
    (signal) =>
      client.GET('/api/v1/network/tables/{table}.{suffix}', {
        params: {
          path: { table: 'regions', suffix: 'csv' },
          query: { level: 'village', columns: 'lon,lat' } as never,
        },
        parseAs: 'text',
        signal,
      }) as never,
    { freshMs: Infinity },
  )

  const shown = (flow: Flow) => flow.relations > 0 || (state.ended.value !== '' && flow.ended > 0)
  const flows = computed(() => (ribbons.data.value?.ribbons as Flow[] | undefined)?.filter(shown))
  const arcs = computed(() =>
    state.chosen.value ? ((inside.data.value?.ribbons as Flow[] | undefined) ?? []).filter(shown) : [],
  )
  const seatsOf = (places: readonly Seat[] | undefined) =>
    new Map((places ?? []).map((place) => [place.code, place]))

  function lines(flow: Flow): TipLine[] {
    const kinds = Object.entries(flow.kinds).map(([kind, count]) => ({
      name: network.titleOf('relation_kind', kind),
      value: exact(count, language.value),
    }))
    const money = (['pledged', 'delivered'] as const).flatMap((one) =>
      flow[one] == null
        ? []
        : [{ name: words.value[one], value: withUnit(flow[one], 'yuan', language.value) }],
    )
    const marks = (['recalled', 'synthetic', 'assumed'] as const)
      .filter((mark) => flow[mark])
      .map((mark) => ({ name: network.titleOf('mark', mark), value: exact(flow[mark], language.value) }))
    const ended = flow.ended ? [{ name: words.value.ended, value: exact(flow.ended, language.value) }] : []
    return [...kinds, ...ended, ...money, ...marks]
  }

  return {
    width,
    level,
    measures,
    colours,
    flows,
    arcs,
    lines,
    answer: ribbons,
    seats: computed(() => seatsOf(ribbons.data.value?.places)),
    arcSeats: computed(() => seatsOf(inside.data.value?.places)),
    villages: computed(() => (veryNear.value && points.data.value ? pointsOf(points.data.value) : undefined)),
    total: computed(() => ribbons.data.value?.relations ?? 0),
    unplaced: computed(() => ribbons.data.value?.unplaced ?? 0),
    marks: computed(() =>
      (['recalled', 'synthetic', 'assumed'] as const).filter((mark) =>
        flows.value?.some((flow) => flow[mark]),
      ),
    ),
    source: computed(() => network.about.data.value?.name ?? ''),
  }
}

/** Places of a CSV of longitude and latitude, projected, one behind the other. */
export function pointsOf(csv: string): Float32Array {
  const rows = csv
    .split('\n')
    .slice(1)
    .filter((row) => row.length > 2)
  const points = new Float32Array(rows.length * 2)
  let filled = 0
  for (const row of rows) {
    const comma = row.indexOf(',')
    const [lon, lat] = [Number(row.slice(0, comma)), Number(row.slice(comma + 1))]
    if (!Number.isFinite(lon) || !Number.isFinite(lat) || comma < 1) continue
    const [x, y] = project([lon, lat])
    points[filled++] = x
    points[filled++] = y
  }
  return points.subarray(0, filled)
}
