import { expect, test } from 'vitest'
import { classesOf, classOf } from '@/map/classes'
import { ribbonOf, widthOf } from '@/map/ribbon'

const gap = (a: readonly number[], b: readonly number[]) => Math.hypot(a[0]! - b[0]!, a[1]! - b[1]!)

test('a ribbon is wide where support begins and narrow where it arrives', () => {
  const outline = ribbonOf([0, 0], [100, 0], 12)
  const half = outline.length / 2
  expect(gap(outline[0]!, outline.at(-1)!)).toBeCloseTo(12)
  expect(gap(outline[half - 1]!, outline[half]!)).toBeCloseTo(4)
})

test('there and back are two bows, not one', () => {
  const middle = (outline: readonly (readonly number[])[]) => outline[Math.floor(outline.length / 4)]![1]!
  expect(Math.sign(middle(ribbonOf([0, 0], [100, 0], 2)))).toBe(
    -Math.sign(middle(ribbonOf([100, 0], [0, 0], 2))),
  )
})

test('from a place to itself there is nothing to draw', () => expect(ribbonOf([5, 5], [5, 5], 9)).toEqual([]))

test('areas are compared: four times as much is twice as wide; nothing vanishes', () => {
  expect(widthOf(400, 400) / widthOf(100, 400)).toBeCloseTo(2)
  expect(widthOf(0, 400)).toBeGreaterThan(1)
  expect(widthOf(1, 1e9)).toBeGreaterThan(1)
})

test('classes hold every value once, the least and the most among them', () => {
  const values = Array.from({ length: 100 }, (_, at) => at ** 2)
  const classes = classesOf(values, false)
  expect(classes).toHaveLength(5)
  expect(classes.reduce((sum, one) => sum + one.regions, 0)).toBe(100)
  expect(classOf(0, classes)).toBe(classes[0])
  expect(classOf(9_801, classes)).toBe(classes[4])
  expect(new Set(classes.map((one) => one.colour)).size).toBe(5)
})

test('few different values have few classes', () => {
  expect(classesOf([3, 3, 3], false)).toMatchObject([{ from: 3, to: 3, regions: 3 }])
  expect(classesOf([], true)).toEqual([])
  expect(classesOf([0, 0, 0, 1], false).reduce((sum, one) => sum + one.regions, 0)).toBe(4)
})
