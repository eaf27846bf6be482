/** What the small editor of a change holds, and the change that it makes. */
import type { Column } from '@/service/network'
import type { Told } from '@/words/language'
import type { Change } from '../kinds'
import { type Cell, typed } from '../tables/cells'

export type Deed = 'set' | 'scale' | 'add' | 'remove'
export interface Pair {
  column: string
  text: string
}
export interface Editing {
  table: string
  where: Pair[]
  deed: Deed
  cells: Pair[]
  why: string
}

export const FRESH: Editing = {
  table: '',
  where: [{ column: '', text: '' }],
  deed: 'scale',
  cells: [{ column: '', text: '' }],
  why: '',
}

type Known = (column: string) => Column | undefined
const filled = (pair: Pair) => pair.column !== ''

/** What is wrong with a pair; nothing where it is not filled in yet. */
export function wrongWith(pair: Pair, known: Known, deed: Deed | 'where'): Told | null {
  const column = known(pair.column)
  if (!column || pair.text === '') return null
  if (deed === 'scale') {
    const factor = Number(pair.text)
    return Number.isFinite(factor) ? null : { zh: '应为数值', en: 'must be a number' }
  }
  const parts = deed === 'where' ? pair.text.split(/[;；]/) : [pair.text]
  return parts.map((p) => typed({ ...column, required: false }, p).wrong).find(Boolean) ?? null
}

/** The change, or nothing while something is missing or wrong. */
export function changeOf(editing: Editing, known: Known): Change | null {
  const { table, deed, why } = editing
  const where = editing.where.filter(filled)
  const cells = editing.cells.filter(filled)
  if (!table) return null
  if (deed !== 'remove' && (!cells.length || cells.some((c) => c.text === ''))) return null
  if (deed === 'remove' && !where.length) return null
  if (where.some((w) => wrongWith(w, known, 'where')) || cells.some((c) => wrongWith(c, known, deed)))
    return null
  const change: Change = { table }
  if (deed !== 'add' && where.length)
    change['where'] = Object.fromEntries(where.map((w) => [w.column, wanted(w, known)]))
  const values = Object.fromEntries(cells.map((c) => [c.column, valueOf(c, known, deed)]))
  change[deed] = deed === 'remove' ? true : deed === 'add' ? [values] : values
  if (why.trim()) change['why'] = why.trim()
  return change
}

function valueOf(pair: Pair, known: Known, deed: Deed): Cell {
  if (deed === 'scale') return Number(pair.text)
  return typed({ ...known(pair.column)!, required: false }, pair.text).value ?? ''
}

function wanted(pair: Pair, known: Known): Cell | Cell[] {
  const column = { ...known(pair.column)!, required: false }
  const parts = pair.text.split(/[;；]/).map((p) => typed(column, p).value ?? '')
  return parts.length > 1 ? parts : parts[0]!
}
