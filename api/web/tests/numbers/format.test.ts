import { describe, expect, it } from 'vitest'
import { exact, percent, short, withUnit } from '@/numbers/format'

describe('a number in the habits of the language', () => {
  it.each([
    [0, '0', '0'],
    [9_999.6, '1万', '10 k'],
    [9_999, '9,999', '9,999'],
    [99_995_001, '1亿', '100 m'],
    [999_600, '100万', '1 m'],
    [12_345, '1.23万', '12.3 k'],
    [123_456_789, '1.23亿', '123 m'],
    [-5e9, '-50亿', '-5 bn'],
  ])('%d', (value, zh, en) => {
    expect(short(value, 'zh')).toBe(zh)
    expect(short(value, 'en')).toBe(en)
  })

  it('keeps every digit where it is exact', () => {
    expect(exact(1_234_567.25, 'zh')).toBe('1,234,567.25')
  })

  it('has its unit beside it', () => {
    expect(withUnit(123_456_789, 'yuan', 'zh')).toBe('1.23亿元')
    expect(withUnit(12, 'persons', 'en')).toBe('12 persons')
    expect(withUnit(0.125, 'share', 'zh')).toBe(percent(0.125))
  })
})
