import { describe, expect, it } from 'vitest'
import {
  groupParameters,
  parametersOf,
  pressedSorting,
  readConditions,
  readSorting,
  sortingOf,
  withCodes,
  writeConditions,
} from '@/pieces/big-table/question'
import type { Column } from '@/service/network'

const column = (name: string, operators = ['', 'gte']) =>
  ({ name, operators: operators.map((one) => (one ? `${name}__${one}` : name)) }) as unknown as Column
const COLUMNS = [column('role', ['', 'ne']), column('due'), column('county'), column('county_name')]

describe('a question of a big table', () => {
  it('comes back from the address as it went in', () => {
    const where = [
      { column: 'role', operator: '', value: 'a&b=c' },
      { column: 'due', operator: 'gte', value: '2017-01-01' },
    ]
    expect(readConditions(writeConditions(where), COLUMNS)).toEqual(where)
  })

  it('leaves out what no column takes', () => {
    expect(readConditions('role__gte=x&nix=1&due__gte=2017-01-01', COLUMNS)).toEqual([
      { column: 'due', operator: 'gte', value: '2017-01-01' },
    ])
    expect(readSorting('-due,nix', COLUMNS)).toEqual([{ column: 'due', down: true }])
  })

  it('sorts up, down, not at all', () => {
    const up = pressedSorting([], 'due', false)
    const down = pressedSorting(up, 'due', false)
    expect([up, down, pressedSorting(down, 'due', false)]).toEqual([
      [{ column: 'due', down: false }],
      [{ column: 'due', down: true }],
      [],
    ])
  })

  it('sorts by several columns', () => {
    const two = pressedSorting([{ column: 'due', down: true }], 'role', true)
    expect(two.map((one) => one.column)).toEqual(['due', 'role'])
    expect(pressedSorting(two, 'due', true).map((one) => one.column)).toEqual(['role'])
    expect(pressedSorting(two, 'role', false)).toEqual([{ column: 'role', down: true }])
  })

  it('has the rows of a group stand together', () => {
    const question = {
      where: [{ column: 'role', operator: 'ne', value: 'x' }],
      sort: readSorting('-due,-role', COLUMNS),
      by: ['role'],
      columns: ['due'],
    }
    expect(sortingOf(question).map((one) => one.column)).toEqual(['role', 'due'])
    expect(parametersOf(question, { plan: 'p' }).toString()).toBe(
      'plan=p&role__ne=x&sort=-role%2C-due&columns=due',
    )
    expect(groupParameters(question).toString()).toBe('role__ne=x&by=-role')
  })

  it('asks for the code beside a name', () => {
    expect(withCodes(['county_name', 'due'], COLUMNS)).toEqual(['county_name', 'due', 'county'])
  })
})
