/** What stands below the pictures of this page. */
import type { Stamp } from '@/chart/stamp'
import { useNetwork } from '@/service/network'
import type { Told } from '@/words/language'

export function useStamp() {
  const network = useNetwork()
  const markTitle = (code: string): Told => {
    const title = network.enums.get('mark')?.get(code)
    return { zh: title?.zh ?? code, en: title?.en ?? code }
  }
  return (title: string, date: string, marks: readonly string[], notes: readonly string[] = []): Stamp => ({
    title,
    date: date || (network.about.data.value?.date ?? ''),
    network: network.about.data.value?.name ?? '',
    version: network.about.data.value?.version ?? '',
    sources: [network.tables.get('relations')?.name ?? 'relations'],
    marks: marks.map(markTitle),
    notes,
  })
}
