/**
 * Where there are no shapes: one square for each province, at about its place on the map (a tile-grid cartogram). Places that have no tile
 * of their own (other countries, other codes) are laid out by their seats.
 */
import type { Point } from './projection'

/** Column and row of each province. */
const GRID: Record<string, Point> = {
  '65': [0, 2],
  '54': [0, 4],
  '63': [1, 3],
  '62': [2, 2],
  '64': [3, 3],
  '15': [4, 1],
  '61': [3, 4],
  '14': [4, 3],
  '13': [5, 2],
  '11': [5, 1],
  '12': [6, 2],
  '21': [7, 1],
  '22': [7, 0],
  '23': [6, 0],
  '37': [6, 3],
  '41': [5, 4],
  '42': [4, 5],
  '34': [6, 4],
  '32': [7, 4],
  '31': [8, 4],
  '33': [7, 5],
  '36': [6, 5],
  '35': [7, 6],
  '43': [5, 6],
  '50': [3, 5],
  '51': [2, 4],
  '52': [3, 6],
  '53': [2, 6],
  '45': [4, 7],
  '44': [5, 7],
  '46': [4, 8],
  '71': [8, 6],
  '81': [6, 8],
  '82': [5, 8],
}

export interface Tile {
  code: string
  column: number
  row: number
}

/** A tile for each place; none share one. */
export function tilesOf(places: Iterable<{ code: string; at: Point }>): Tile[] {
  const all = [...places]
  if (all.every(({ code }) => code.slice(2) === '0000' && GRID[code.slice(0, 2)])) {
    return all.map(({ code }) => ({
      code,
      column: GRID[code.slice(0, 2)]![0],
      row: GRID[code.slice(0, 2)]![1],
    }))
  }
  return laid(all)
}

/** From west to east in columns of as many; in each from north to south. */
function laid(places: { code: string; at: Point }[]): Tile[] {
  const high = Math.max(1, Math.ceil(Math.sqrt(places.length * 0.7)))
  const sorted = places.toSorted((a, b) => a.at[0] - b.at[0] || a.code.localeCompare(b.code))
  const columns = Array.from({ length: Math.ceil(sorted.length / high) }, (_, at) =>
    sorted.slice(at * high, (at + 1) * high),
  )
  return columns.flatMap((some, column) =>
    some.toSorted((a, b) => b.at[1] - a.at[1]).map(({ code }, row) => ({ code, column, row })),
  )
}
