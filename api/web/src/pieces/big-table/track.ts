/**
 * The scroll bar's track. Browsers draw no element of more than some 17 million pixels, so that a longer table has a track of
 * a bounded height on which a pixel stands for more than one of the table.
 */
export const LONGEST_PX = 12_000_000

export interface Track {
  /** Height of what is scrolled (px). */
  height: number
  /** Where in the table (px) one is at a place of the bar. */
  offsetAt: (top: number) => number
  /** Place of the bar for a place in the table (px). */
  topAt: (offset: number) => number
}

/**
 * @param lines lines of the table
 * @param lineHeight of each (px)
 * @param view what is seen of it at once (px)
 */
export function trackOf(lines: number, lineHeight: number, view: number): Track {
  const whole = lines * lineHeight
  const height = Math.min(whole, LONGEST_PX)
  const stretch = whole > height ? (whole - view) / (height - view) : 1
  return {
    height,
    offsetAt: (top) => Math.max(0, Math.min(top * stretch, whole - view)),
    topAt: (offset) => offset / stretch,
  }
}
