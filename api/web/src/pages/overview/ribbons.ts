/** What is drawn of the service's ribbons: widths, words, who is faint while another is chosen. */
import type { TipLine } from '@/chart/tip'
import type { Ribbon } from '@/map/picture'
import { type Point, project } from '@/map/projection'
import { widthOf } from '@/map/ribbon'
import type { Width } from './state'

export interface Flow {
  supporter: string
  recipient: string
  relations: number
  ended: number
  pledged: number | null
  delivered: number | null
  kinds: Record<string, number>
  recalled: number
  synthetic: number
  assumed: number
}

export interface Seat {
  code: string
  name: string
  lon: number | null
  lat: number | null
}

export interface Words {
  title: (flow: Flow) => string
  lines: (flow: Flow) => readonly TipLine[]
}

/** How much a flow counts for its width. */
export function amountOf(flow: Flow, width: Width): number {
  return width === 'relations' ? flow.relations : (flow[width] ?? 0)
}

/**
 * Ribbons of flows between different places, the widest at the bottom so that thin ones stay to be seen.
 *
 * @param chosen a place: flows that do not touch it are faint
 * @param most the widest (px)
 */
export function ribbonsOf(
  flows: readonly Flow[],
  seats: ReadonlyMap<string, Seat>,
  width: Width,
  chosen: string,
  words: Words,
  most = 16,
): Ribbon[] {
  const between = flows.filter((flow) => flow.supporter !== flow.recipient)
  const largest = Math.max(0, ...between.map((flow) => amountOf(flow, width)))
  return between
    .toSorted((a, b) => amountOf(b, width) - amountOf(a, width))
    .flatMap((flow) => {
      const [from, to] = [placeOf(seats.get(flow.supporter)), placeOf(seats.get(flow.recipient))]
      if (!from || !to) return []
      return [
        {
          id: `${flow.supporter}:${flow.recipient}`,
          from,
          to,
          width: widthOf(amountOf(flow, width), largest, most),
          weight: largest > 0 ? Math.sqrt(amountOf(flow, width) / largest) : 0,
          title: words.title(flow),
          lines: words.lines(flow),
          dashed: flow.relations === 0,
          faint: chosen !== '' && flow.supporter !== chosen && flow.recipient !== chosen,
        },
      ]
    })
}

function placeOf(seat: Seat | undefined): Point | undefined {
  return seat?.lon == null || seat.lat == null ? undefined : project([seat.lon, seat.lat])
}

/** What a place gives, gets, and does at home: relations in force. */
export function tallyOf(
  flows: readonly Flow[],
  place: string,
): { out: number; in: number; within: number; delivered: number; received: number } {
  const tally = { out: 0, in: 0, within: 0, delivered: 0, received: 0 }
  for (const flow of flows) {
    const [gives, gets] = [flow.supporter === place, flow.recipient === place]
    if (gives && gets) tally.within += flow.relations
    else if (gives) {
      tally.out += flow.relations
      tally.delivered += flow.delivered ?? 0
    } else if (gets) {
      tally.in += flow.relations
      tally.received += flow.delivered ?? 0
    }
  }
  return tally
}

/** How much each place counts among all (0–1): relations that begin or end there. */
export function weightsOf(flows: readonly Flow[]): Map<string, number> {
  const sums = new Map<string, number>()
  for (const flow of flows) {
    for (const place of new Set([flow.supporter, flow.recipient]))
      sums.set(place, (sums.get(place) ?? 0) + flow.relations)
  }
  const most = Math.max(1, ...sums.values())
  return new Map([...sums].map(([place, sum]) => [place, Math.sqrt(sum / most)]))
}
