import { describe, expect, it } from 'vitest'
import { asCsv } from '@/chart/table'

const lines = (text: string) => text.replace('\ufeff', '').split('\r\n')

describe('the table twin as CSV', () => {
  it('has the stamp above, titles with their units, and a cell for every column', () => {
    const twin = {
      columns: [
        { key: 'name', title: '名称' },
        { key: 'amount', title: '金额', unit: '元' },
      ],
      rows: [{ name: '怒江', amount: 0 }, { name: '珠海' }],
    }
    expect(lines(asCsv(twin, ['版本 1']))).toEqual(['# 版本 1', '名称,金额 (元)', '怒江,0', '珠海,', ''])
  })

  it('lets no name become a formula, and no comma a column', () => {
    const twin = {
      columns: [{ key: 'name', title: 'name' }],
      rows: [{ name: '=1+1' }, { name: 'a,"b"' }, { name: '-x' }],
    }
    expect(lines(asCsv(twin, [])).slice(1, 4)).toEqual(["'=1+1", '"a,""b"""', "'-x"])
  })

  it('keeps a negative number a number', () => {
    expect(lines(asCsv({ columns: [{ key: 'n', title: 'n' }], rows: [{ n: -5 }] }, []))[1]).toBe('-5')
  })
})
