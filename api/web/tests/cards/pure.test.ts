import { describe, expect, it } from 'vitest'
import type { Entry, Place, Record_, Tie } from '@/pages/cards/ask'
import { yearsFrom } from '@/pages/cards/days'
import { addressOf } from '@/pages/cards/documents'
import { newest } from '@/pages/cards/facts'
import { type Finding, openFirst } from '@/pages/cards/findings'
import { endedOf, grouped } from '@/pages/cards/groups'
import { historyOf } from '@/pages/cards/history'
import { amountOf, byItem, readTitle, upTo } from '@/pages/cards/items'
import { ledgerSays, type Piece, placeSays } from '@/pages/cards/says'
import { cut, shared } from '@/pages/cards/sheet'
import { busiest } from '@/pages/cards/start'
import { tagWords } from '@/pages/cards/tags'
import { teamOf } from '@/pages/cards/team'

const place = (id: string): Place => ({ id, name: `n${id}`, pinyin: '', level: 'county', above: [] })
const tie = (id: string, more: Partial<Tie> = {}): Tie => ({
  id,
  kind: 'east_west',
  through: 'own',
  state: 'in_force',
  source: 's',
  mark: '',
  yields_to: '',
  supporter: place('A'),
  recipient: place('B'),
  since: '2016-12-07',
  until: null,
  ...more,
})
const entry = (year: number, item: string, pledged: number | null, delivered: number | null): Entry =>
  ({
    relation: 'r',
    kind: 'east_west',
    year,
    item,
    pledged,
    delivered,
    ratio: null,
    mark: 'synthetic',
  }) as Entry
const TITLES = new Map([
  ['officials_sent', { zh: '人才支援：选派干部（人）', en: 'people: officials sent (persons)' }],
  ['fiscal_funds', { zh: '资金支持：财政援助（元）', en: 'funds: fiscal aid (yuan)' }],
])
const called = { kind: (kind: string) => kind }
const plain = (pieces: Piece[]) =>
  pieces
    .map((one) =>
      'place' in one
        ? one.place.name
        : 'mark' in one
          ? `[${one.mark}]`
          : 'figure' in one
            ? one.figure
            : 'quiet' in one
              ? one.quiet
              : one.text,
    )
    .join('')
const record = (card: Partial<Record_['card']>): Record_ => ({
  card: {
    subject: place('B'),
    at: '2016-12-31',
    tags: [],
    supported_by: [],
    supports: [],
    changes: [],
    sure: true,
    hits: [],
    ...card,
  },
  ledger: [],
})

describe('groups', () => {
  const ties = [
    tie('c', { through: 'child' }),
    tie('o'),
    tie('e', { state: 'ended' }),
    tie('p', { through: 'parent' }),
    tie('t', { state: 'to_come' }),
  ]
  it('own first, then above, then below; ended ones only when asked for', () => {
    expect(grouped(ties, false).map((one) => one.id)).toEqual([
      'east_west/own',
      'east_west/parent',
      'east_west/child',
    ])
    expect(grouped(ties, false)[0]!.ties.map((one) => one.id)).toEqual(['o', 't'])
    expect(grouped(ties, true)[0]!.ties.map((one) => one.id)).toEqual(['o', 't', 'e'])
    expect(endedOf(ties)).toBe(1)
  })
})

describe('ledger', () => {
  const items = byItem(
    [
      entry(2016, 'officials_sent', 3, null),
      entry(2016, 'fiscal_funds', 100, 50),
      entry(2017, 'fiscal_funds', 9, 9),
    ],
    TITLES,
  )
  it('money before persons; what nobody says stays unknown', () => {
    expect(items.map((one) => one.item)).toEqual(['fiscal_funds', 'officials_sent'])
    expect(upTo(items[0]!, 2016)).toEqual({ pledged: 100, delivered: 50 })
    expect(upTo(items[0]!, 2017)).toEqual({ pledged: 109, delivered: 59 })
    expect(upTo(items[1]!, 2016)).toEqual({ pledged: 3, delivered: null })
    expect(upTo(items[1]!, 2015)).toEqual({ pledged: null, delivered: null })
  })
  it('reads what an item is called and counted in', () => {
    expect(readTitle('人才支援：选派干部（人）')).toEqual({ group: '人才支援', name: '选派干部', unit: '人' })
    expect(readTitle('own_item')).toEqual({ group: '', name: 'own_item', unit: '' })
    expect(amountOf(52366739, readTitle(TITLES.get('fiscal_funds')!.zh), 'zh')).toBe('5,237万元')
    expect(amountOf(12, readTitle(TITLES.get('officials_sent')!.en), 'en')).toBe('12 persons')
  })
  it('is told up to the year, with its marks; missing is said', () => {
    expect(plain(ledgerSays(items, TITLES, 2016, 'zh'))).toBe(
      '截至 2016 年，财政援助承诺 100 元，兑现 50 元（50 %）；选派干部承诺 3 人，兑现 无数据。[synthetic]',
    )
    expect(plain(ledgerSays(items, TITLES, 2015, 'en'))).toContain('begins in 2016')
    expect(plain(ledgerSays([], TITLES, 2016, 'en'))).toContain('no entry')
  })
})

describe('first line', () => {
  it('who, since when, until when, with the mark', () => {
    const card = record({ supported_by: [tie('r', { mark: 'recalled', until: '2021-01-01' })] })
    expect(plain(placeSays(card, 'zh', called))).toBe(
      '2016-12-31，nB由nA（east_west，自 2016-12-07，至 2021-01-01，[recalled]）帮扶。',
    )
    expect(plain(placeSays(card, 'en', called))).toBe(
      'On 2016-12-31, nB is supported by nA (east_west, since 2016-12-07, until 2021-01-01, [recalled]).',
    )
  })
  it('an unknown beginning is unknown, what is not yet or no more does not count', () => {
    expect(plain(placeSays(record({ supported_by: [tie('r', { since: null })] }), 'en', called))).toContain(
      'since unknown',
    )
    const later = record({ supported_by: [tie('r', { state: 'to_come' })] })
    expect(plain(placeSays(later, 'en', called))).toContain('no relation on record')
  })
  it('through places above where it has none of its own; many are counted', () => {
    const above = record({ supported_by: [tie('r', { through: 'parent' })] })
    expect(plain(placeSays(above, 'zh', called))).toContain('没有本级的帮扶方，通过上级由nA')
    const many = record({ supports: [1, 2, 3, 4, 5, 6].map((n) => tie(String(n))) })
    expect(plain(placeSays(many, 'en', called))).toMatch(/supports 6 places: .* and 3 more\.$/)
  })
})

describe('paper', () => {
  it('every part gets its least, the rest goes to those in front', () => {
    const parts = [
      { wanted: 100, least: 8 },
      { wanted: 16, least: 16 },
      { wanted: 2, least: 5 },
    ]
    expect(shared(parts, 40)).toEqual([22, 16, 2])
    expect(shared(parts, 40).reduce((a, b) => a + b)).toBe(40)
  })
  it('the line that says how many are left is one of the lines', () => {
    expect(cut([1, 2, 3], 3)).toEqual({ shown: [1, 2, 3], rest: 0 })
    expect(cut([1, 2, 3, 4], 3)).toEqual({ shown: [1, 2], rest: 2 })
  })
})

describe('parts', () => {
  it('history: newest first, what lies ahead is told, only own relations', () => {
    const events = historyOf(
      [tie('r', { until: '2021-01-01' }), tie('p', { through: 'parent' })],
      [{ old: 'x', new: 'y', since: '2015-01-01' }],
      [],
      '2016-12-31',
    )
    expect(events.map((one) => [one.day, one.what, one.ahead])).toEqual([
      ['2021-01-01', 'ended', true],
      ['2016-12-07', 'begun', false],
      ['2015-01-01', 'renamed', false],
    ])
  })
  it('findings: open before closed, overdue first', () => {
    const one = (id: string, status: string, due: string) => ({ id, status, due, severity: 'low' }) as Finding
    const sorted = openFirst(
      [one('c', 'closed', '2016-01-01'), one('o', 'open', '2017-05-01'), one('late', 'open', '2016-05-01')],
      '2016-12-31',
    )
    expect(sorted.map((row) => row.id)).toEqual(['late', 'o', 'c'])
  })
  it('figures: the newest up to the year', () => {
    const fact = (year: number, value: number) => ({ year, value, measure: 'm', source: '', mark: null })
    expect(newest([fact(2015, 1), fact(2016, 2), fact(2020, 3)], 2016)[0]!.value).toBe(2)
    expect(newest([fact(2020, 3)], 2016)).toEqual([])
  })
  it('links lead to pages only', () => {
    expect(addressOf('news.example/a.htm')).toBe('https://news.example/a.htm')
    expect(addressOf('javascript:alert(1)')).toBeUndefined()
    expect(addressOf(null)).toBeUndefined()
  })
  it('tags in words, yes left out', () => {
    expect(tagWords(['a=1', 'b=v', 'c'], (tag) => tag.toUpperCase())).toEqual(['A', 'B v', 'C'])
  })
  it('a team on the day: half-open, unlisted posts at the end', () => {
    const held = { cadre: 'c', role: 'member', days_in_village: 1, mark: null }
    const posts = [{ post: 'a', role: 'member', skill: null, minimum: 1, target: 2 }]
    const postings = [
      { ...held, post: 'a', since: null, until: '2016-12-31' },
      { ...held, post: 'b', since: '2016-12-31', until: null },
    ]
    expect(teamOf(posts, postings, '2016-12-31').map((seat) => [seat.post, seat.held.length])).toEqual([
      ['a', 0],
      ['b', 1],
    ])
  })
  it('years away, the end of February kept', () => {
    expect(yearsFrom('2016-02-29', 1)).toBe('2017-02-28')
    expect(yearsFrom('2016-12-31', -1)).toBe('2015-12-31')
  })
  it('where most alerts are', () => {
    const of = (region: string | null) => ({ region })
    expect(busiest([of('b'), of('a'), of('b'), of(null)], 1)).toEqual([{ id: 'b', count: 2 }])
  })
})
