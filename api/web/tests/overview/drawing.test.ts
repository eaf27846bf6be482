import { expect, test } from 'vitest'
import { paint } from '@/pages/overview/fills'
import { type MoneyRow, moneyOf } from '@/pages/overview/money'
import { type Flow, ribbonsOf, tallyOf } from '@/pages/overview/ribbons'
import { pointsOf } from '@/pages/overview/drawn'

const flow = (supporter: string, recipient: string, relations: number, more: Partial<Flow> = {}): Flow => ({
  supporter,
  recipient,
  relations,
  ended: 0,
  pledged: null,
  delivered: null,
  kinds: {},
  recalled: 0,
  synthetic: 0,
  assumed: 0,
  ...more,
})
const seats = new Map(['A', 'B', 'C'].map((code, at) => [code, { code, name: code, lon: 100 + at, lat: 30 }]))
const words = { title: (one: Flow) => `${one.supporter}→${one.recipient}`, lines: () => [] }

test('ribbons are drawn from the widest to the thinnest, none from a place to itself, none without a seat', () => {
  const flows = [flow('A', 'B', 1), flow('B', 'C', 9), flow('A', 'A', 99), flow('A', 'nowhere', 5)]
  expect(ribbonsOf(flows, seats, 'relations', '', words).map((one) => one.id)).toEqual(['B:C', 'A:B'])
})

test('support that has ended is dashed; what does not touch the chosen place is faint', () => {
  const [b, a] = ribbonsOf(
    [flow('A', 'B', 0, { ended: 2 }), flow('B', 'C', 3)],
    seats,
    'relations',
    'C',
    words,
  )
  expect([b!.dashed, b!.faint, a!.dashed, a!.faint]).toEqual([false, false, true, true])
})

test('money is the width when it is asked for', () => {
  const rich = flow('A', 'B', 1, { delivered: 4_000_000 })
  const [first, second] = ribbonsOf(
    [flow('B', 'C', 50, { delivered: 1_000_000 }), rich],
    seats,
    'delivered',
    '',
    words,
  )
  expect(first!.id).toBe('A:B')
  expect(first!.width / second!.width).toBeCloseTo(2)
})

test('a place gives, gets, and helps itself', () => {
  const flows = [flow('A', 'B', 3, { delivered: 7 }), flow('B', 'A', 2), flow('A', 'A', 5), flow('B', 'C', 9)]
  expect(tallyOf(flows, 'A')).toEqual({ out: 3, in: 2, within: 5, delivered: 7, received: 0 })
})

const row = (giver: string, taker: string, amount: number, item = 'investment'): MoneyRow => ({
  origin: 'ledger',
  item,
  giver,
  giver_name: giver,
  taker,
  taker_name: taker,
  amount,
})

test('mutual aid makes no circle: giver and taker stand in columns of their own', () => {
  const money = moneyOf(
    [row('A', 'B', 5), row('B', 'A', 7), row('A', 'B', 2, 'fiscal')],
    (one) => one.item,
    String,
  )
  expect(money.nodes.map((node) => [node.key, node.column, node.amount])).toEqual([
    ['from A', 0, 7],
    ['as investment', 1, 12],
    ['to B', 2, 7],
    ['from B', 0, 7],
    ['to A', 2, 7],
    ['as fiscal', 1, 2],
  ])
  const column = new Map(money.nodes.map((node) => [node.key, node.column]))
  for (const link of money.links) expect(column.get(link.source)).toBeLessThan(column.get(link.target)!)
})

test('many small givers are put together and nothing is lost', () => {
  const rows = Array.from({ length: 40 }, (_, at) => row(`g${at}`, 'T', at + 1))
  const money = moneyOf(
    rows,
    () => 'x',
    (count) => `${count} others`,
  )
  const givers = money.nodes.filter((node) => node.column === 0)
  expect(givers).toHaveLength(14)
  expect(givers.reduce((sum, node) => sum + node.amount, 0)).toBe(820)
  expect(givers.find((node) => node.name === '27 others')!.amount).toBe((27 * 28) / 2)
})

const measure = { title: { zh: '贫困人口', en: 'poor population' }, unit: 'persons', year: 2016, states: [] }
const said = { suppressed: '少于 5', language: 'zh' as const, markOf: (code: string) => code }

test('a count that is not shown has no class, and missing places have no colour', () => {
  const values = [
    { region: 'a', value: 12_000, state: null, mark: 'synthetic' },
    { region: 'b', value: null, state: null, mark: null, suppressed: true },
  ]
  const painted = paint({ ...measure, values }, false, said)
  expect(painted.fills.get('a')!.lines).toEqual([
    { name: '贫困人口', value: '1.2万人 (12,000 人)' },
    { value: 'synthetic' },
  ])
  expect(painted.fills.get('b')!.lines[0]!.value).toBe('少于 5')
  expect(painted.fills.has('c')).toBe(false)
  expect(painted.marks).toEqual(['synthetic'])
  expect(painted.legend.reduce((sum, line) => sum + line.regions, 0)).toBe(1)
})

test('states have colours of their own, and only those that there are stand in the legend', () => {
  const states = ['covered', 'uncovered', 'by_design'].map((state) => ({
    state,
    title: { zh: state, en: state },
  }))
  const values = [
    { region: 'a', value: null, state: 'covered', mark: null },
    { region: 'b', value: null, state: 'uncovered', mark: null },
  ]
  const painted = paint({ ...measure, unit: 'state', states, values }, false, said)
  expect(painted.legend.map((line) => line.text)).toEqual(['covered', 'uncovered'])
  expect(painted.fills.get('a')!.colour).not.toBe(painted.fills.get('b')!.colour)
})

test('villages without a place are left out of the picture', () => {
  expect(pointsOf('lon,lat\n100,30\n,\n101,31\n')).toHaveLength(4)
})
