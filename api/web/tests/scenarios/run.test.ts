import { describe, expect, it } from 'vitest'
import { freeName, withoutLast } from '@/pages/scenarios/run/clash'
import { inFavour } from '@/pages/scenarios/run/figures'
import { curves, pointsOf, shareOf, stagesOf } from '@/pages/scenarios/run/progress'
import type { JobEvent } from '@/service/jobs'

const event = (more: Record<string, unknown>) => ({ at: '2026-11-28T05:00:00Z', ...more }) as JobEvent
const events = [
  event({ stage: 'plan', state: 'begun', share: 0, stages: ['pairing', 'funds'] }),
  event({ stage: 'pairing', state: 'begun', share: 0 }),
  event({ at: '2026-11-28T05:00:01Z', stage: 'pairing', label: 'a', objective: 2000, share: 0 }),
  event({
    at: '2026-11-28T05:00:02Z',
    stage: 'pairing',
    label: 'a',
    objective: 1000,
    bound: 900,
    gap: 0.1,
    share: 0,
  }),
  event({ stage: 'pairing', state: 'done', status: 'OPTIMAL', seconds: 2.1, share: 0.4 }),
]

describe('what a plan tells while it runs', () => {
  it('is its stages as they stand', () => {
    const [pairing, funds] = stagesOf(events)
    expect([pairing?.state, pairing?.status, pairing?.seconds, pairing?.gap]).toEqual([
      'done',
      'OPTIMAL',
      2.1,
      0.1,
    ])
    expect(funds?.state).toBe('waiting')
    expect(shareOf(events)).toBe(0.4)
    expect(stagesOf([])).toEqual([])
  })

  it('is a curve in points over seconds, each part for itself', () => {
    const points = pointsOf(events)
    expect(points.map((p) => [p.seconds, p.objective, p.bound])).toEqual([
      [1, 2, null],
      [2, 1, 0.9],
    ])
    expect([...curves(points, 'pairing').keys()]).toEqual(['a'])
    expect(curves(points, 'funds').size).toBe(0)
  })
})

it('says which figure is better than the baseline', () => {
  expect(inFavour({ better: 'less', plan: 1, baseline: 2 })).toBe('better')
  expect(inFavour({ better: 'more', plan: 1, baseline: 2 })).toBe('worse')
  expect(inFavour({ better: '', plan: 1, baseline: 2 })).toBeNull()
  expect(inFavour({ better: 'more', plan: 2, baseline: 2 })).toBeNull()
})

it('finds a name that no scenario has, and leaves the typed command out', () => {
  expect(freeName('tight', [])).toBe('tight-repaired')
  expect(freeName('tight-repaired', ['Tight-Repaired'])).toBe('tight-repaired-2')
  expect(freeName('x'.repeat(64), []).length).toBe(64)
  expect(withoutLast('a\nthe cheapest ways out: jiedui repair x')).toBe('a')
})
