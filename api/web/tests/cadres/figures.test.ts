import { describe, expect, it } from 'vitest'
import { quarterAfter, quarterName, rowsBehind, valueOf } from '@/pages/cadres/figures'
import { countStates, postsOf, staying, villagesOf } from '@/pages/cadres/team'
import type { Figures, Seat } from '@/pages/cadres/useStaffing'

const seat = (village: string, post: string, state: string, tier = 1, people: string[] = []) =>
  ({
    village,
    village_name: `V${village}`,
    post,
    role: post === 'lead' ? 'first_secretary' : 'member',
    tier,
    state,
    people: people.map((change) => ({ change })),
  }) as unknown as Seat

describe('figures of the page', () => {
  it('count villages with somebody', () => {
    expect(valueOf({ villages: 10, without: 3 } as Figures, 'with')).toBe(7)
  })

  it('lead to the rows that they count', () => {
    expect(rowsBehind('ending', '2016-12-31', '2017-12-31')).toBe(
      'due__gt=2016-12-31&due__lte=2017-12-31&change__ne=leaves',
    )
    expect(rowsBehind('without', '', '')).toBeUndefined()
  })

  it('know quarters', () => {
    expect(quarterName('2017-10-01')).toBe('2017 Q4')
    expect([quarterAfter('2017-07-01'), quarterAfter('2017-10-01')]).toEqual(['2017-10-01', '2018-01-01'])
  })
})

describe("a county's team", () => {
  const seats = [
    seat('a', 'team', 'partly', 2, ['stays', 'leaves']),
    seat('a', 'lead', 'filled', 1),
    seat('b', 'lead', 'vacant', 3),
  ]

  it('has a line for each village with its first tier', () => {
    expect(villagesOf(seats).map((one) => [one.name, one.tier, one.seats.size])).toEqual([
      ['Va', 1, 2],
      ['Vb', 3, 1],
    ])
  })

  it('has first secretaries first', () => {
    expect(postsOf(seats).map((one) => one.post)).toEqual(['lead', 'team'])
  })

  it('counts states, and who stays', () => {
    expect(countStates(seats).get('vacant')).toBe(1)
    expect(staying(seats[0]!)).toHaveLength(1)
  })
})
