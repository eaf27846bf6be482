/** What kinds, levels, marks and columns are called, out of the schema. */
import { computed } from 'vue'
import { useNetwork } from '@/service/network'
import { language, useWords } from '@/words/language'
import { LIES_IN } from './net'
import type { Drawing } from './picture'
import { WORDS } from './words'

export function useTitles() {
  const words = useWords(WORDS)
  const network = useNetwork()
  const titles: Drawing['titles'] = {
    kind: (kind) => (kind === LIES_IN ? words.value.lies_in : network.titleOf('relation_kind', kind)),
    level: (level) =>
      network.about.data.value?.levels.includes(level) ? network.titleOf('level', level) : words.value.unit,
    mark: (mark) => network.titleOf('mark', mark),
    role: (role) => words.value.roles[role],
  }
  const column = (name: string) => network.column('relations', name)?.title[language.value] ?? name
  const columns = computed(() => ({
    supporter: column('supporter'),
    recipient: column('recipient'),
    kind: column('kind'),
    mark: column('mark'),
    relation: column('id'),
  }))
  return { titles, columns }
}
