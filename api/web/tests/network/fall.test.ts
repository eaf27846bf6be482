import { describe, expect, test } from 'vitest'
import { bareAt, type Lost, rescuers, sceneAt, stepsOf, type Withdrawal } from '@/pages/network/fall'

const place = (id: string) => ({ id, name: id, pinyin: '', level: 'county', above: [] })
const candidate = (id: string) => ({
  supporter: place(id),
  distance_km: 10,
  load: 1,
  capacity: null,
  cost: 1,
  full: false,
})
const lost = (recipient: string, kind: string, remaining: string[], candidates: string[]): Lost => ({
  relation: `${kind}:${recipient}`,
  kind,
  mark: '',
  supporter: place('x'),
  through: 'own',
  recipient: place(recipient),
  remaining: remaining.map(place),
  candidates: candidates.map(candidate),
})
const answer = {
  lost: [
    lost('a', 'county_pair', [], ['near', 'far']),
    lost('b', 'county_pair', ['other'], ['near']),
    lost('a', 'county_pair', [], ['near']),
  ],
} as unknown as Withdrawal

describe('a withdrawal, step by step', () => {
  test('today, then each link, then who could take over', () => {
    expect(stepsOf(answer)).toBe(4)
    expect(stepsOf({ lost: [] } as unknown as Withdrawal)).toBe(0)
    expect([0, 1, 2, 3].map((step) => sceneAt(1, step))).toEqual(['stands', 'stands', 'falls', 'fallen'])
  })

  test('a place is left without when its last link of the kind falls, not before', () => {
    expect([...bareAt(answer, 1)]).toEqual([])
    expect([...bareAt(answer, 3)]).toEqual(['a'])
  })

  test('who still has support of the kind is not left without', () => {
    expect(bareAt(answer, 4).has('b')).toBe(false)
  })

  test('the best candidate is offered to those left without only', () => {
    expect([...rescuers(answer)].map(([who, by]) => [who, by.supporter.id])).toEqual([['a', 'near']])
  })
})
