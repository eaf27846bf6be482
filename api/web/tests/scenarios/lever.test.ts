import { describe, expect, it } from 'vitest'
import type { Lever } from '@/pages/scenarios/kinds'
import { begin, problemWith, speaksOf, written } from '@/pages/scenarios/levers/lever'

const words = { on: 'on', off: 'off', none: 'none' }

function lever(more: Partial<Lever>): Lever {
  return {
    key: 'k', title: { zh: '每方上限', en: 'most of each' }, note: { zh: '', en: '' }, value: 1, default: 1, beneath: 1,
    unit: '', form: 'integer', rule: true, scenario: '', line: 0, cites: '', minimum: null, maximum: null,
    choices: [], names: '', never_relax: false, weighs: false, reads: [], ...more,
  } // prettier-ignore
}

describe('what is wrong with a value', () => {
  it('is told by the bounds that the service gives', () => {
    const share = lever({ form: 'share', minimum: 0, maximum: 1 })
    expect(problemWith(share, 1.2)?.en).toBe('must be at most 1')
    expect(problemWith(share, -0.1)?.en).toBe('must be at least 0')
    expect(problemWith(share, 0.5)).toBeNull()
    expect(problemWith(share, 'off')).toBeNull()
  })

  it('is told of ranges and whole numbers', () => {
    expect(problemWith(lever({ form: 'range' }), [3, 1])?.zh).toBe('最少不能多于最多')
    expect(problemWith(lever({ form: 'range' }), [1, 3])).toBeNull()
    expect(problemWith(lever({}), 1.5)?.en).toBe('must be a whole number')
    expect(problemWith(lever({ form: 'numbers', minimum: 0 }), { a: 1, b: -1 })?.en).toBe(
      'must be at least 0',
    )
    expect(problemWith(lever({ form: 'numbers' }), { a: Number.NaN })).not.toBeNull()
  })
})

it('writes values as people read them', () => {
  expect(written([1, 3], words)).toBe('1–3')
  expect(written('off', words)).toBe('off')
  expect(written(true, words)).toBe('on')
  expect(written(['a', 'b'], words)).toBe('a、b')
  expect(written({ a: 1 }, words)).toBe('a 1')
  expect(written([], words)).toBe('none')
})

it('switches a rule on with what the base or the default says, else with the least that may be', () => {
  expect(begin(lever({ beneath: 7 }))).toBe(7)
  expect(begin(lever({ beneath: 'off', default: 3 }))).toBe(3)
  expect(begin(lever({ beneath: 'off', default: 'off', form: 'range', minimum: 2 }))).toEqual([2, 2])
  expect(begin(lever({ beneath: 'off', default: 'off', form: 'texts' }))).toEqual([])
})

it('is found by key and title in either language', () => {
  expect(speaksOf(lever({}), 'MOST')).toBe(true)
  expect(speaksOf(lever({}), '上限')).toBe(true)
  expect(speaksOf(lever({}), 'floor')).toBe(false)
  expect(speaksOf(lever({}), ' ')).toBe(true)
})
