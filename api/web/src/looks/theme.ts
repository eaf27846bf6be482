/** Light, dark, or as the system is. */
import { useMediaQuery, useStorage } from '@vueuse/core'
import { computed, watch } from 'vue'

export type Theme = 'light' | 'dark' | 'system'
export const THEMES: readonly Theme[] = ['light', 'dark', 'system']

export const theme = useStorage<Theme>('jiedui.theme', 'system')
const systemDark = useMediaQuery('(prefers-color-scheme: dark)')

export const dark = computed(() => theme.value === 'dark' || (theme.value === 'system' && systemDark.value))

watch(dark, (now) => document.documentElement.classList.toggle('dark', now), {
  immediate: true,
  flush: 'sync',
})

/** The value that a token of `tokens.css` has in the theme that is on; drawn on canvas, where style sheets do not reach. */
export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()
}

/** Tokens of charts, read anew when the theme changes. */
export const inks = computed(() => {
  void dark.value
  const names = [
    'paper',
    'card',
    'raised',
    'ink',
    'ink-2',
    'ink-3',
    'line',
    'line-2',
    'accent',
    'accent-soft',
    'supporter',
    'recipient',
    'recipient-text',
    'good',
    'warn',
    'bad',
    'land',
    'land-line',
    'sea',
    'font',
  ] as const
  return Object.fromEntries(names.map((name) => [name, token(name)])) as Record<
    (typeof names)[number],
    string
  >
})
