/** Chinese first, English beside it. Every text is a pair of both, so that a missing one is a mistake that the compiler finds. */
import { useStorage } from '@vueuse/core'
import { computed, type ComputedRef, watchEffect } from 'vue'

export type Language = 'zh' | 'en'

/** A text that the service gives in both languages. */
export interface Told {
  zh: string
  en: string
}

const chosen = useStorage<Language>('jiedui.language', 'zh')
const asked = new URLSearchParams(globalThis.location?.search ?? '').get('lang')
if (asked === 'zh' || asked === 'en') chosen.value = asked

export const language = computed<Language>({
  get: () => (chosen.value === 'en' ? 'en' : 'zh'),
  set: (next) => (chosen.value = next),
})

watchEffect(() => {
  if (typeof document !== 'undefined')
    document.documentElement.lang = language.value === 'zh' ? 'zh-CN' : 'en'
})

/** Both languages of some words; the English ones have the same names. */
export function pairOf<W extends Words>(zh: W, en: NoInfer<W>): Record<Language, W> {
  return { zh, en }
}

/** Words of a page: texts, functions that make texts of values, and groups of these. */
export interface Words {
  [name: string]: string | ((...values: never[]) => string) | Words
}

/** The words of the language that is chosen. */
export function useWords<W>(pair: Record<Language, W>): ComputedRef<W> {
  return computed(() => pair[language.value])
}

/** A text of the service in the language that is chosen. */
export function said(told: Told | null | undefined): string {
  return told?.[language.value] ?? ''
}
