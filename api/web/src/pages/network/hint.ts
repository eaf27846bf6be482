/** What is told when one points at something in a picture of this page: the lines of its `told`, the first as title. */
import { tip } from '@/chart/tip'
import type { Inks } from './style'

export function hintOf(inks: Inks) {
  return {
    backgroundColor: inks['raised']!,
    borderColor: inks['line-2']!,
    textStyle: { color: inks['ink']! },
    confine: true,
    formatter: (pointed: unknown) => {
      const told = (pointed as { data?: { told?: string } }).data?.told
      const [title, ...lines] = (told ?? '').split('\n')
      return title
        ? tip(
            title,
            lines.map((value) => ({ value })),
          )
        : ''
    },
  }
}
