import { describe, expect, it } from 'vitest'
import type { Column } from '@/service/network'
import { changeOf, FRESH } from '@/pages/scenarios/changes/editing'
import { percent, sentence } from '@/pages/scenarios/changes/sentence'
import { changesOf, typed } from '@/pages/scenarios/tables/cells'
import { WORDS } from '@/pages/scenarios/words'

function column(kind: string, more: Partial<Column> = {}): Column {
  return { name: 'c', kind, required: false, minimum: null, maximum: null, ...more } as Column
}

describe('a typed cell', () => {
  it('is as its column holds it', () => {
    expect(typed(column('integer'), '1,200')).toEqual({ value: 1200, wrong: null })
    expect(typed(column('boolean'), '是').value).toBe(true)
    expect(typed(column('text'), ' x ').value).toBe('x')
    expect(typed(column('text'), '')).toEqual({ value: null, wrong: null })
  })

  it('is told what is wrong with it', () => {
    expect(typed(column('integer'), '1.5').wrong?.en).toBe('must be a whole number')
    expect(typed(column('share'), '1.5').wrong?.en).toBe('must be at most 1')
    expect(typed(column('integer', { minimum: 0 }), '-1').wrong?.zh).toBe('不得小于 0')
    expect(typed(column('date'), '2026-2-1').wrong).not.toBeNull()
    expect(typed(column('text', { required: true }), '').wrong?.en).toBe('must not be empty')
    expect(typed(column('number'), 'many').wrong).not.toBeNull()
  })
})

it('makes a change of an edited cell, with the row named by its key', () => {
  const edits = new Map([['x', { row: { id: 'u1', n: 1 }, cells: { n: null } }]])
  expect(changesOf('units', ['id'], edits)).toEqual([{ table: 'units', where: { id: 'u1' }, set: { n: '' } }])
})

const titles = {
  table: (name: string) => name,
  column: (_: string, name: string) => name,
  value: (_: string, __: string, value: unknown) => String(value),
}

it('tells changes as sentences', () => {
  const words = WORDS.en.changes.sentence
  const scaled = { table: 'units', where: { kind: ['bank', 'firm'] }, scale: { capacity: 0.8 } }
  expect(sentence(scaled, titles, words)).toBe('units (kind bank or firm): capacity −20 %')
  expect(sentence({ table: 'units', remove: true, where: { id: 'u' } }, titles, words)).toBe(
    'units (id u): removed',
  )
  expect(sentence({ table: 'units', add: [{}, {}] }, titles, words)).toBe('units: 2 more rows')
  expect(percent(1.5)).toBe('+50 %')
})

describe('the small editor', () => {
  const known = (name: string) => column(name === 'n' ? 'integer' : 'text', { name })

  it('makes a change when everything is there', () => {
    const editing = {
      ...FRESH,
      table: 'units',
      where: [{ column: 'id', text: 'a;b' }],
      cells: [{ column: 'n', text: '0.5' }],
      why: ' w ',
    }
    expect(changeOf(editing, known)).toEqual({
      table: 'units',
      where: { id: ['a', 'b'] },
      scale: { n: 0.5 },
      why: 'w',
    })
    expect(changeOf({ ...editing, deed: 'add', cells: [{ column: 'n', text: '3' }] }, known)).toEqual({
      table: 'units',
      add: [{ n: 3 }],
      why: 'w',
    })
  })

  it('makes none while something is missing or wrong, and never removes all rows', () => {
    expect(changeOf(FRESH, known)).toBeNull()
    expect(changeOf({ ...FRESH, table: 'units', deed: 'remove' }, known)).toBeNull()
    expect(
      changeOf({ ...FRESH, table: 'units', deed: 'set', cells: [{ column: 'n', text: 'x' }] }, known),
    ).toBeNull()
  })
})
