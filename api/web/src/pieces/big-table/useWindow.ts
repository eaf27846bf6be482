/**
 * Which lines of a big table are on the screen. Where the rows at the bar's place are not there yet, those that were seen last stay: there
 * is always something to read, and each answer is shown when it comes.
 */
import { useElementSize } from '@vueuse/core'
import { computed, nextTick, type Ref, ref, shallowRef, watch } from 'vue'
import { Refused } from '@/service/problem'
import { seenWith } from './keys'
import type { Layout, Line } from './layout'
import { type Ask, Pages, type Row } from './pages'
import { trackOf } from './track'

export const LINE_PX = 34

export interface Seen {
  line: number
  group: number | null
  row: number | null
  cells: Row | undefined
}

/**
 * @param scroller what is scrolled
 * @param head height of what stands above the lines in it (px)
 * @param layout lines of the table for a number of rows
 * @param ask asks for rows; another one begins the table anew
 */
export function useWindow(
  scroller: Ref<HTMLElement | null>,
  head: number,
  layout: () => (rows: number) => Layout,
  ask: () => Ask,
) {
  const { height } = useElementSize(scroller)
  const tick = ref(0)
  const offset = ref(0)
  const shown = ref(0)
  const dragged = ref(false)
  const pages = shallowRef(begun())
  const total = computed(() => (void tick.value, pages.value.total))
  const problem = computed(() => (void tick.value, pages.value.problem))
  const laid = computed(() => layout()(total.value ?? 0))
  const view = computed(() => Math.max(LINE_PX, height.value - head))
  const track = computed(() => trackOf(laid.value.lines, LINE_PX, view.value))
  const count = computed(() => Math.ceil(view.value / LINE_PX) + 1)
  const first = computed(() => Math.floor(offset.value / LINE_PX))

  /** What is asked now, until its first answer is there; the rows of the question before are seen as long. */
  let coming: Pages | undefined

  function begun(): Pages {
    const made: Pages = new Pages(ask(), (seen) => came(made, seen))
    return made
  }

  watch(ask, renew)
  watch([laid, count, first], look)

  function lineAt(line: number): Line {
    return laid.value.at(line)
  }

  function rowsFrom(line: number): number[] {
    const end = Math.min(line + count.value, laid.value.lines)
    const found: number[] = []
    for (let at = line; at < end; at++) {
      const { row } = lineAt(at)
      if (row !== null) found.push(row)
    }
    return found
  }

  function look(): void {
    const rows = total.value === undefined ? [first.value] : rowsFrom(first.value)
    if (total.value !== undefined && pages.value.holds(rows)) shown.value = first.value
    pages.value.want(first.value, rows)
  }

  function came(whose: Pages, seen: number | null): void {
    if (whose.problem instanceof Refused && whose.problem.problem.status === 409) return renew()
    if (whose === coming) {
      pages.value.end()
      pages.value = whose
      coming = undefined
      shown.value = first.value
      look()
    }
    tick.value++
    if (seen === null || whose !== pages.value) return
    if (pages.value.holds(rowsFrom(first.value))) shown.value = first.value
    else if (pages.value.holds(rowsFrom(seen))) shown.value = seen
  }

  /** Something else is asked, or the data has a newer version: all is asked for again. */
  function renew(): void {
    coming?.end()
    coming = begun()
    coming.want(0, [0])
  }

  let still: ReturnType<typeof setTimeout> | undefined
  function scrolled(): void {
    const next = track.value.offsetAt(scroller.value?.scrollTop ?? 0)
    if (Math.abs(next - offset.value) > 20 * LINE_PX) dragged.value = true
    offset.value = next
    clearTimeout(still)
    still = setTimeout(() => (dragged.value = false), 500)
  }

  /** Scroll so that a place of the table (px) is at the top. */
  function to(place: number): void {
    if (!scroller.value) return
    scroller.value.scrollTop = track.value.topAt(place)
    scrolled()
  }

  /** Scroll as far as it takes to see a line. */
  function see(line: number): void {
    const next = seenWith(line, offset.value, view.value, LINE_PX)
    if (next !== offset.value) to(next)
  }

  const lines = computed<Seen[]>(() => {
    void tick.value
    const from = Math.min(shown.value, Math.max(0, laid.value.lines - count.value))
    const to = Math.min(from + count.value, laid.value.lines)
    return Array.from({ length: Math.max(0, to - from) }, (_, by) => {
      const { group, row } = lineAt(from + by)
      return { line: from + by, group, row, cells: row === null ? undefined : pages.value.row(row) }
    })
  })
  /** How far the lines are moved up, so that what is at the top is seen in part (px). */
  const shift = computed(() => {
    const from = lines.value[0]?.line ?? 0
    return shown.value === first.value ? offset.value - from * LINE_PX : 0
  })
  const page = computed(() => Math.max(1, Math.floor(view.value / LINE_PX) - 1))

  return {
    height, lines, shift, total, problem, laid, track, first, page, dragged, see, scrolled,
    /** Begin at a line, once there are lines. */
    begin: async (line: number) => (await nextTick(), to(line * LINE_PX)),
    again: () => (pages.value.again(), tick.value++),
    end: () => (clearTimeout(still), coming?.end(), pages.value.end()),
    start: look,
    rowAt: (line: number): Row | undefined => {
      const { row } = lineAt(line)
      return row === null ? undefined : pages.value.row(row)
    },
  } // prettier-ignore
}
