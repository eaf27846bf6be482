/** What breaks when a supporter withdraws, as a play in steps: link by link falls, and at the end stands who could take over. */
import type { EChartsOption } from '@/chart/echarts'
import type { Twin } from '@/chart/table'
import type { components } from '@/service/contract'
import type { Language } from '@/words/language'
import { fillOf, formOf, type Inks, nameIn, strokeOf } from './style'

export type Withdrawal = components['schemas']['Withdrawal']
export type Lost = Withdrawal['lost'][number]
export type Candidate = Lost['candidates'][number]

export type Scene = 'stands' | 'falls' | 'fallen'

/** Steps of the play: the first shows today, then each lost link falls, the last shows who could take over. */
export function stepsOf(answer: Withdrawal): number {
  return answer.lost.length ? answer.lost.length + 1 : 0
}

/** How a lost link stands at a step (0: today; its number: it falls). */
export function sceneAt(place: number, step: number): Scene {
  return step === place + 1 ? 'falls' : step > place ? 'fallen' : 'stands'
}

/** The recipients that are left without support of that kind by a step. */
export function bareAt(answer: Withdrawal, step: number): Set<string> {
  const fallen = answer.lost.slice(0, step)
  const later = new Set(answer.lost.slice(step).map((one) => `${one.kind}|${one.recipient.id}`))
  return new Set(
    fallen
      .filter((one) => !one.remaining.length && !later.has(`${one.kind}|${one.recipient.id}`))
      .map((one) => one.recipient.id),
  )
}

/** For each recipient that is left bare, who suits best. */
export function rescuers(answer: Withdrawal): Map<string, Candidate> {
  const found = new Map<string, Candidate>()
  for (const one of answer.lost) {
    const best = one.candidates[0]
    if (!one.remaining.length && best && !found.has(one.recipient.id)) found.set(one.recipient.id, best)
  }
  return found
}

export interface Stage {
  inks: Inks
  language: Language
  levels: readonly string[]
  kinds: readonly string[]
  step: number
  kind: (kind: string) => string
  /** Words: left without; could take over. */
  bare: string
  candidate: string
}
/** Distances of rows and columns (pixels where the picture has room for them). */
const [ROW, ACROSS] = [26, 260]

/** Height of the picture (pixels). */
export function tall(answer: Withdrawal): number {
  return Math.min(2400, Math.max(320, recipientsOf(answer).length * ROW + 70))
}

function recipientsOf(answer: Withdrawal): Lost['recipient'][] {
  return [...new Map(answer.lost.map((one) => [one.recipient.id, one.recipient])).values()]
}

/** Three columns: who withdraws (and who with it), who is supported, who could take over. */
export function sceneOf(answer: Withdrawal, stage: Stage): EChartsOption {
  const { inks, step } = stage
  const recipients = recipientsOf(answer)
  const givers = [...new Map(answer.lost.map((one) => [one.supporter.id, one.supporter])).values()]
  const bare = bareAt(answer, step)
  const ended = step >= stepsOf(answer) && step > 0
  const rescue = ended ? rescuers(answer) : new Map<string, Candidate>()
  const takers = [...new Map([...rescue.values()].map((one) => [one.supporter.id, one.supporter])).values()]
  const rows = new Map(recipients.map((one, at) => [one.id, at]))
  const height = Math.max(1, recipients.length - 1) * ROW
  const down = (at: number, of: number) => (of === 1 ? height / 2 : (at * height) / (of - 1))
  const gone = new Set(
    givers
      .filter((giver) => answer.lost.every((one, at) => one.supporter.id !== giver.id || step > at))
      .map(({ id }) => id),
  )
  return {
    series: [
      {
        type: 'graph',
        id: 'fall',
        layout: 'none',
        preserveAspect: true,
        roam: false,
        left: 150,
        right: 150,
        top: 24,
        bottom: 24,
        label: {
          show: true,
          color: inks['ink']!,
          fontSize: 12,
          textBorderColor: inks['card']!,
          textBorderWidth: 3,
        },
        edgeSymbol: ['none', 'arrow'],
        edgeSymbolSize: 8,
        data: [
          ...givers.map((one, at) => ({
            ...node(`>${one.id}`, one, stage, 'left', gone.has(one.id) ? 'none' : 'supporter'),
            x: 0,
            y: down(at, givers.length),
          })),
          ...recipients.map((one, at) => ({
            ...node(`<${one.id}`, one, stage, 'right', 'recipient'),
            x: ACROSS,
            y: down(at, recipients.length),
            ...(bare.has(one.id) ? left(one, stage) : {}),
          })),
          // The picture keeps its width before anybody can take over.
          ...(takers.length
            ? []
            : [{ id: 'edge', name: 'edge', x: 2 * ACROSS, y: 0, symbolSize: 0, label: { show: false } }]),
          ...takers.map((one, at) => ({
            ...node(`+${one.id}`, one, stage, 'right', 'supporter'),
            x: 2 * ACROSS,
            y: down(at, takers.length),
          })),
        ],
        links: [
          ...answer.lost.map((one, at) => lost(one, sceneAt(at, step), stage)),
          ...[...rescue].map(([recipient, { supporter }]) => ({
            source: `+${supporter.id}`,
            target: `<${recipient}`,
            lineStyle: { color: inks['good']!, width: 1.6, type: 'dashed', opacity: 0.9, curveness: 0 },
          })),
        ],
      },
    ],
  } as EChartsOption

  function left(one: Lost['recipient'], how: Stage): object {
    const name = nameIn(one, how.language)
    return {
      itemStyle: { color: inks['card']!, borderColor: inks['bad']!, borderWidth: 3 },
      label: {
        position: 'right',
        formatter: `{w|${name}} {b|${rows.get(one.id) === undefined ? '' : how.bare}}`,
        textBorderColor: inks['card']!,
        textBorderWidth: 3,
        rich: {
          w: { color: inks['bad']!, fontWeight: 700, fontSize: 12 },
          b: { color: inks['bad']!, fontSize: 11 },
        },
      },
    }
  }
}

function node(
  id: string,
  place: Lost['recipient'],
  stage: Stage,
  position: 'left' | 'right',
  role: 'supporter' | 'recipient' | 'none',
): object {
  const form = formOf(place.level, stage.levels)
  return {
    id,
    name: id,
    code: place.id,
    symbol: form.symbol,
    symbolSize: Math.min(20, form.size * 0.8),
    itemStyle: {
      color: fillOf(role, stage.inks),
      borderColor: stage.inks['card']!,
      borderWidth: 1,
      opacity: role === 'none' ? 0.6 : 1,
    },
    label: { position, formatter: nameIn(place, stage.language) },
  }
}

function lost(one: Lost, scene: Scene, stage: Stage): object {
  const { inks } = stage
  const stroke = strokeOf(one.kind, stage.kinds)
  const looks = {
    stands: { color: inks[stroke.ink]!, width: stroke.width, type: 'solid', opacity: 0.85 },
    falls: { color: inks['bad']!, width: 4, type: 'solid', opacity: 1 },
    fallen: { color: inks['bad']!, width: 1, type: 'dashed', opacity: 0.35 },
  }[scene]
  return {
    source: `>${one.supporter.id}`,
    target: `<${one.recipient.id}`,
    lineStyle: { ...looks, curveness: 0 },
    ...(scene === 'fallen' ? { symbol: ['none', 'none'] } : {}),
  }
}

/** The lost links as rows. */
export function twinOfFall(
  answer: Withdrawal,
  titles: {
    supporter: string
    recipient: string
    kind: string
    mark: string
    remaining: string
    takeOver: string
    distance: string
  },
  language: Language,
  kind: (kind: string) => string,
  mark: (mark: string) => string,
): Twin {
  const name = (place: Lost['recipient']) => nameIn(place, language)
  return {
    columns: [
      { key: 'supporter', title: titles.supporter },
      { key: 'recipient', title: titles.recipient },
      { key: 'kind', title: titles.kind },
      { key: 'mark', title: titles.mark },
      { key: 'remaining', title: titles.remaining },
      { key: 'takeOver', title: titles.takeOver },
      { key: 'distance', title: titles.distance, unit: 'km', number: true },
    ],
    rows: answer.lost.map((one) => ({
      id: one.recipient.id,
      supporter: name(one.supporter),
      recipient: name(one.recipient),
      kind: kind(one.kind),
      mark: mark(one.mark),
      remaining: one.remaining.map(name).join('; '),
      takeOver: one.candidates[0] ? name(one.candidates[0].supporter) : '',
      distance: one.candidates[0]?.distance_km,
    })),
  }
}
