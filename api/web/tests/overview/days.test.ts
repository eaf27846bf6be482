import { expect, test } from 'vitest'
import { daysBetween } from '@/pages/overview/days'

test('days to the deadline, over leap years and backwards', () => {
  expect(daysBetween('2016-12-31', '2020-12-31')).toBe(1461)
  expect(daysBetween('2021-01-01', '2020-12-31')).toBe(-1)
})
