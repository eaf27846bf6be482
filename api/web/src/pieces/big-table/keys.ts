/** Where a key leads in a grid (ARIA's grid pattern). Line -1 is the head. */
export interface Place {
  line: number
  column: number
}

export interface Grid {
  lines: number
  columns: number
  /** Lines on a page. */
  page: number
}

/** The place that a key leads to; undefined where the key means nothing here. */
export function moved(key: string, ctrl: boolean, at: Place, grid: Grid): Place | undefined {
  const to = (line: number, column: number): Place => ({
    line: Math.max(-1, Math.min(line, grid.lines - 1)),
    column: Math.max(0, Math.min(column, grid.columns - 1)),
  })
  switch (key) {
    case 'ArrowDown':
      return to(at.line + 1, at.column)
    case 'ArrowUp':
      return to(at.line - 1, at.column)
    case 'ArrowRight':
      return to(at.line, at.column + 1)
    case 'ArrowLeft':
      return to(at.line, at.column - 1)
    case 'PageDown':
      return to(at.line + grid.page, at.column)
    case 'PageUp':
      return to(Math.max(0, at.line - grid.page), at.column)
    case 'Home':
      return to(ctrl ? 0 : at.line, 0)
    case 'End':
      return to(ctrl ? grid.lines - 1 : at.line, grid.columns - 1)
    default:
      return undefined
  }
}

/** The first line that is seen (px above it are hidden) so that one is seen whole. */
export function seenWith(line: number, offset: number, view: number, lineHeight: number): number {
  if (line < 0) return offset
  const [top, bottom] = [line * lineHeight, (line + 1) * lineHeight]
  if (top < offset) return top
  return bottom > offset + view ? bottom - view : offset
}
