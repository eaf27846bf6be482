import { pairOf } from '@/words/language'

export const WORDS = pairOf(
  {
    asTable: '看表格',
    asChart: '看图',
    save: '导出',
    png: '图片 PNG',
    svg: '矢量图 SVG',
    csv: '数据 CSV',
    rowsShown: (shown: string, all: string) => `前 ${shown} 行，共 ${all} 行；全部在 CSV 中`,
  },
  {
    asTable: 'As a table',
    asChart: 'As a picture',
    save: 'Export',
    png: 'Picture (PNG)',
    svg: 'Drawing (SVG)',
    csv: 'Data (CSV)',
    rowsShown: (shown: string, all: string) => `The first ${shown} of ${all} rows; all are in the CSV`,
  },
)
