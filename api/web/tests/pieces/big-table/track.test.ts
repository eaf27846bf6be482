import { describe, expect, it } from 'vitest'
import { moved, seenWith } from '@/pieces/big-table/keys'
import { LONGEST_PX, trackOf } from '@/pieces/big-table/track'

describe('the track of a scroll bar', () => {
  it('is as long as a short table', () => {
    const track = trackOf(100, 34, 400)
    expect(track.height).toBe(3400)
    expect(track.offsetAt(120)).toBe(120)
  })

  it('is bounded, and still reaches both ends', () => {
    const track = trackOf(1_000_000, 34, 400)
    expect(track.height).toBe(LONGEST_PX)
    expect(track.offsetAt(0)).toBe(0)
    expect(track.offsetAt(LONGEST_PX - 400)).toBeCloseTo(34_000_000 - 400)
    expect(track.offsetAt(track.topAt(17_000_000))).toBeCloseTo(17_000_000)
  })
})

describe('keys in a grid', () => {
  const grid = { lines: 1000, columns: 5, page: 20 }
  const from = { line: 10, column: 2 }
  it.each([
    ['ArrowDown', false, 11, 2],
    ['ArrowUp', false, 9, 2],
    ['ArrowLeft', false, 10, 1],
    ['ArrowRight', false, 10, 3],
    ['PageDown', false, 30, 2],
    ['PageUp', false, 0, 2],
    ['Home', false, 10, 0],
    ['End', false, 10, 4],
    ['Home', true, 0, 0],
    ['End', true, 999, 4],
  ])('%s (ctrl %s) leads to line %i, column %i', (key, ctrl, line, column) => {
    expect(moved(key, ctrl, from, grid)).toEqual({ line, column })
  })

  it('stops at the edges, above at the head', () => {
    expect(moved('ArrowUp', false, { line: 0, column: 0 }, grid)).toEqual({ line: -1, column: 0 })
    expect(moved('ArrowUp', false, { line: -1, column: 0 }, grid)).toEqual({ line: -1, column: 0 })
    expect(moved('ArrowDown', false, { line: 999, column: 4 }, grid)).toEqual({ line: 999, column: 4 })
    expect(moved('x', false, from, grid)).toBeUndefined()
  })

  it('scrolls no more than it takes to see a line', () => {
    expect(seenWith(5, 0, 340, 34)).toBe(0)
    expect(seenWith(10, 0, 340, 34)).toBe(34)
    expect(seenWith(2, 340, 340, 34)).toBe(68)
    expect(seenWith(-1, 340, 340, 34)).toBe(340)
  })
})
