import { describe, expect, it } from 'vitest'
import {
  addChange,
  begun,
  count,
  dropAdded,
  patchOf,
  put,
  redo,
  same,
  setCells,
  toggleDrop,
  undo,
} from '@/pages/scenarios/draft'
import { meetings, merged } from '@/pages/scenarios/merge'

const etag = '"1-a"'

describe('a draft', () => {
  it('holds what was set and what stood there', () => {
    const draft = put(begun(etag), 'funds.county_floor', 5, 3, false)
    expect(draft.now.values).toEqual({ 'funds.county_floor': 5 })
    expect(draft.was).toEqual({ 'funds.county_floor': 3 })
    expect(count(draft)).toBe(1)
  })

  it('forgets a value that is set back to what stands', () => {
    const draft = put(put(begun(etag), 'a.b', [1, 2], [1, 1], false), 'a.b', [1, 1], [1, 1], false)
    expect(count(draft)).toBe(0)
    expect(draft.past).toHaveLength(2)
  })

  it('takes the own word away only where there is one', () => {
    expect(put(begun(etag), 'a.b', null, 3, true).now.values).toEqual({ 'a.b': null })
    expect(put(begun(etag), 'a.b', null, 3, false).now.values).toEqual({})
  })

  it('goes step by step back and forward, and a new step ends the way forward', () => {
    let draft = put(put(begun(etag), 'a.b', 1, 0, false), 'a.b', 2, 0, false)
    draft = undo(draft)
    expect(draft.now.values).toEqual({ 'a.b': 1 })
    expect(redo(draft).now.values).toEqual({ 'a.b': 2 })
    draft = put(draft, 'a.c', 9, 0, false)
    expect(redo(draft)).toBe(draft)
    expect(undo(begun(etag)).now.values).toEqual({})
  })

  it('names changes to take away by what they say, whatever their number is by then', () => {
    const own = [
      { table: 'units', remove: true, where: { id: 'x' } },
      { table: 'units', set: { a: 1 } },
    ]
    let draft = toggleDrop(begun(etag), { set: { a: 1 }, table: 'units' })
    expect(patchOf(draft, own).drop_changes).toEqual([2])
    expect(patchOf(draft, [own[1]!, own[0]!]).drop_changes).toEqual([1])
    expect(patchOf(draft, []).drop_changes).toEqual([])
    draft = toggleDrop(draft, own[1]!)
    expect(draft.now.drop).toEqual([])
  })

  it('adds changes and takes them out again', () => {
    const draft = addChange(addChange(begun(etag), { table: 'a' }), { table: 'b' })
    expect(dropAdded(draft, 0).now.add).toEqual([{ table: 'b' }])
  })

  it('puts cells of one row together, with those that the file sets there', () => {
    const where = { id: 'u1' }
    const own = [{ table: 'units', where, set: { capacity: 2 } }]
    let draft = setCells(begun(etag), own, { table: 'units', where, set: { name: 'N' } })
    expect(draft.now.add).toEqual([{ table: 'units', where, set: { capacity: 2, name: 'N' } }])
    expect(draft.now.drop).toEqual(own)
    draft = setCells(draft, own, { table: 'units', where, set: { capacity: 5 } })
    expect(draft.now.add).toEqual([{ table: 'units', where, set: { capacity: 5, name: 'N' } }])
    expect(draft.now.drop).toEqual(own)
  })

  it('knows equal values by what they say', () => {
    expect(same({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(true)
    expect(same([1, 2], [2, 1])).toBe(false)
  })
})

describe('two who edit one scenario', () => {
  const draft = put(put(put(begun(etag), 'a.x', 5, 1, false), 'a.y', 6, 2, false), 'a.z', 7, 3, false)
  const theirs = new Map([
    ['a.x', 9],
    ['a.y', 2],
    ['a.z', 7],
  ])

  it('meet only in values that both have changed, and not to the same', () => {
    expect(meetings(draft, theirs)).toEqual([{ name: 'a.x', was: 1, mine: 5, theirs: 9 }])
  })

  it('keep of each what is chosen, on the newest state', () => {
    const mine = merged(draft, '"2-b"', theirs, { 'a.x': 'mine' })
    expect(mine.etag).toBe('"2-b"')
    expect(mine.now.values).toEqual({ 'a.x': 5, 'a.y': 6 })
    expect(mine.was).toEqual({ 'a.x': 9, 'a.y': 2 })
    expect(merged(draft, '"2-b"', theirs, { 'a.x': 'theirs' }).now.values).toEqual({ 'a.y': 6 })
  })
})
