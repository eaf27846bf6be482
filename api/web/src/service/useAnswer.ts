/** A question that is asked anew whenever what it asks changes; answers are kept, the last one stays while the next is on its way. */
import { keepPreviousData, useQuery } from '@tanstack/vue-query'
import { computed, type ComputedRef, type MaybeRefOrGetter, ref, shallowRef, toValue, watch } from 'vue'
import { answered } from './client'
import { type Problem, problemOf, Refused } from './problem'

/** After so long without an answer it is said that it takes time (ms). */
const SLOW_MS = 1_500
/** What was answered stands as long without being asked again (ms). */
const FRESH_MS = 30_000

export interface Answer<T> {
  /** The newest answer there is; of the question before while the next is on its way. */
  data: ComputedRef<T | undefined>
  /** There is no answer yet. */
  waiting: ComputedRef<boolean>
  /** An answer is on its way. */
  asking: ComputedRef<boolean>
  /** It takes long. */
  slow: ComputedRef<boolean>
  problem: ComputedRef<Problem | undefined>
  again: () => void
}

type Got<T> = { data?: T; error?: unknown; response: Response }

/**
 * @param key what is asked, as values that can be compared; `null`: nothing is asked yet
 * @param ask asks it of the client, with a signal that ends it
 */
export function useAnswer<T>(
  key: MaybeRefOrGetter<readonly unknown[] | null>,
  ask: (signal: AbortSignal) => Promise<Got<T>>,
  how: { freshMs?: number; everyMs?: MaybeRefOrGetter<number | false>; keep?: boolean } = {},
): Answer<T> {
  const found = useQuery({
    queryKey: computed(() => toValue(key) ?? ['nothing']),
    queryFn: ({ signal }) => answered(ask(signal)),
    enabled: computed(() => toValue(key) !== null),
    staleTime: how.freshMs ?? FRESH_MS,
    refetchInterval: computed(() => toValue(how.everyMs) ?? false),
    retry: (times, error) =>
      error instanceof Refused && [0, 502, 503].includes(error.problem.status) && times < 2,
    retryDelay: (times) => 400 * 2 ** times,
    refetchOnWindowFocus: false,
    networkMode: 'always',
    ...(how.keep === false ? {} : { placeholderData: keepPreviousData }),
  })
  const slow = ref(false)
  watch(
    found.isFetching,
    (asking, _, ended) => {
      slow.value = false
      if (!asking) return
      const clock = setTimeout(() => (slow.value = true), SLOW_MS)
      ended(() => clearTimeout(clock))
    },
    { immediate: true },
  )
  // Where the next question cannot be answered, as without a connection, the last answer stays to be read.
  const last = shallowRef<T>()
  watch(found.data, (now) => now !== undefined && (last.value = now as T), { immediate: true })
  const kept = () => (how.keep === false || toValue(key) === null ? undefined : last.value)
  return {
    data: computed(() => (found.data.value as T | undefined) ?? kept()),
    waiting: computed(() => found.isPending.value && toValue(key) !== null),
    asking: computed(() => found.isFetching.value),
    slow: computed(() => slow.value),
    problem: computed(() => (found.error.value ? problemOf(found.error.value) : undefined)),
    again: () => void found.refetch(),
  }
}
