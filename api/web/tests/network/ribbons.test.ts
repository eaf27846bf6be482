import { describe, expect, test } from 'vitest'
import { between } from '@/pages/network/pairs'
import { classes, heatOf, matrixOf, type Ribbon, type Ribbons, twinOfMatrix } from '@/pages/network/ribbons'
import { shadesOf } from '@/pages/network/shades'

const ribbon = (
  supporter: string,
  recipient: string,
  relations: number,
  delivered: number | null = null,
): Ribbon => ({
  supporter,
  recipient,
  relations,
  kinds: { east_west: relations },
  ended: 0,
  pledged: null,
  delivered,
  recalled: 0,
  synthetic: 0,
  assumed: 0,
  money_mark: null,
})
const answer = (...ribbons: Ribbon[]) =>
  ({
    ribbons,
    places: [...new Set(ribbons.flatMap((one) => [one.supporter, one.recipient]))].map((code) => ({
      code,
      name: `name ${code}`,
    })),
  }) as unknown as Ribbons
const all = answer(
  ribbon('44', '45', 3, 10),
  ribbon('44', '52', 2, null),
  ribbon('31', '53', 4, 70),
  ribbon('51', '51', 160, 5),
)

describe('the matrix of provinces', () => {
  test('the largest stand first; support inside a province is counted apart', () => {
    const matrix = matrixOf(all, 'relations', false)
    expect(matrix.rows.map(({ code, total }) => [code, total])).toEqual([
      ['44', 5],
      ['31', 4],
    ])
    expect(matrix.columns.map(({ code }) => code)).toEqual(['53', '45', '52'])
    expect(matrix.inside).toBe(160)
    expect(matrixOf(all, 'relations', true).rows[0]!.code).toBe('51')
  })

  test('a pair without a figure has no cell: missing is not 0', () => {
    const matrix = matrixOf(all, 'delivered', false)
    expect(matrix.cells.map(({ ribbon: one }) => one.recipient).sort()).toEqual(['45', '53'])
  })

  test('as rows: the largest first, each leads to its pair', () => {
    const { rows } = twinOfMatrix(matrixOf(all, 'relations', false), {
      from: '',
      to: '',
      value: '',
      unit: '',
    })
    expect(rows[0]).toEqual({ id: '31:53', from: 'name 31', to: 'name 53', value: 4 })
  })

  test('classes have round bounds, and every value is in one', () => {
    const values = [1, 1, 2, 3, 4, 7, 8, 12, 30, 94]
    const found = classes(values)
    expect(found[0]!.from).toBe(0)
    expect(found.length).toBeLessThanOrEqual(5)
    for (const { from } of found.slice(1)) expect([1, 2, 5]).toContain(Number(String(from)[0]))
    for (const value of values)
      expect(found.filter(({ from, to }) => value > from && (to === null || value <= to))).toHaveLength(1)
    expect(classes([])).toEqual([])
  })

  test('the heat map stays one where nothing is to be shown', () => {
    const how = {
      inks: {},
      shades: ['#000000'],
      amount: String,
      inCell: String,
      exactly: String,
      selected: '',
      titles: { from: '', to: '' },
    }
    expect(() => heatOf(matrixOf(answer(), 'relations', false), how)).not.toThrow()
  })

  test('shades go from pale to strong', () => {
    expect(shadesOf('#ffffff', '#000000', 3)).toEqual(['#ffffff', '#808080', '#000000'])
  })
})

test('pairs between two provinces are what touches both, in that direction', () => {
  const giver = answer(ribbon('4401', '5203', 1), ribbon('4402', '4503', 1), ribbon('5202', '4401', 1))
  const taker = answer(ribbon('4401', '5203', 1), ribbon('3101', '5204', 1), ribbon('5202', '4401', 1))
  const found = between(giver, taker, '440000', '520000')
  expect(found.map(({ ribbon: one }) => `${one.supporter}:${one.recipient}`)).toEqual(['4401:5203'])
})
