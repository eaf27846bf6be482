import { describe, expect, it } from 'vitest'
import { grouped, groupKey, plain } from '@/pieces/big-table/layout'

const group = (rows: number, value: string | null = 'x') => ({ values: { v: value }, rows })

describe('lines of a table', () => {
  it('are rows where there are no groups', () => {
    expect(plain(3).lines).toBe(3)
    expect(plain(3).at(2)).toEqual({ group: null, row: 2 })
  })

  it('are heads, and the rows of groups that are open', () => {
    const laid = grouped([group(2), group(3), group(1)], (at) => at !== 0)
    const told = Array.from({ length: laid.lines }, (_, line) => laid.at(line))
    expect(told.map(({ group: at, row }) => `${at}:${row ?? 'head'}`)).toEqual([
      '0:head',
      '1:head',
      '1:2',
      '1:3',
      '1:4',
      '2:head',
      '2:5',
    ])
    expect([0, 1, 2].map(laid.headOf)).toEqual([0, 1, 5])
  })

  it('are found at once among very many groups', () => {
    const laid = grouped(
      Array.from({ length: 10_000 }, () => group(77)),
      () => true,
    )
    expect(laid.lines).toBe(780_000)
    expect(laid.at(779_999)).toEqual({ group: 9_999, row: 769_999 })
  })

  it('have names in the address, also where a cell is empty', () => {
    expect(groupKey({ values: { a: 1, b: null }, rows: 1 })).toBe('1|∅')
  })
})
