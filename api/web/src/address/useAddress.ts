/**
 * State that stands in the address, so that a link shows a colleague the same picture and the browser's back and forward are
 * undo and redo of every step.
 */
import { useRouteQuery } from '@vueuse/router'
import { computed, type WritableComputedRef } from 'vue'

/** A text in the address; the one that is meant where none stands is not written. Each change is a step back and forth, or none (`quiet`). */
export function useAddress(
  name: string,
  without = '',
  how: 'step' | 'quiet' = 'step',
): WritableComputedRef<string> {
  const kept = useRouteQuery<string | null>(name, null, { mode: how === 'step' ? 'push' : 'replace' })
  return computed({
    get: () => kept.value ?? without,
    set: (next) => (kept.value = next === without ? null : next),
  })
}

/** Several values under one name, a comma between them. */
export function useAddressList(name: string, how: 'step' | 'quiet' = 'step'): WritableComputedRef<string[]> {
  const text = useAddress(name, '', how)
  return computed({
    get: () => text.value.split(',').filter(Boolean),
    set: (next) => (text.value = next.join(',')),
  })
}

/** A number in the address; what is none counts as the one that is meant where none stands. */
export function useAddressNumber(
  name: string,
  without: number,
  how: 'step' | 'quiet' = 'step',
): WritableComputedRef<number> {
  const text = useAddress(name, String(without), how)
  return computed({
    get: () => (Number.isFinite(Number(text.value)) ? Number(text.value) : without),
    set: (next) => (text.value = String(next)),
  })
}
