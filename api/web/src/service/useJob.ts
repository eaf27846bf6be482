/** A job as it stands, followed for as long as somebody looks at it. */
import {
  computed,
  type ComputedRef,
  type MaybeRefOrGetter,
  onScopeDispose,
  ref,
  shallowRef,
  toValue,
  watch,
} from 'vue'
import { cancel, follow, isOpen, job, type Job, type JobEvent } from './jobs'
import { type Problem, problemOf } from './problem'

export interface FollowedJob {
  job: ComputedRef<Job | undefined>
  /** Events of progress so far, the oldest first. */
  events: ComputedRef<readonly JobEvent[]>
  /** It waits or runs. */
  open: ComputedRef<boolean>
  /** The service cannot be reached; asked again by itself. */
  lost: ComputedRef<boolean>
  problem: ComputedRef<Problem | undefined>
  cancel: () => Promise<void>
}

/** Events are taken over into what is drawn so often at most (ms). */
const DRAWN_MS = 150

export function useJob(id: MaybeRefOrGetter<string | null>): FollowedJob {
  const found = shallowRef<Job>()
  const events = shallowRef<readonly JobEvent[]>([])
  const lost = ref(false)
  const problem = shallowRef<Problem>()
  let stop = () => {}
  let gathered: JobEvent[] = []
  let clock: ReturnType<typeof setTimeout> | undefined

  function draw(): void {
    clock = undefined
    events.value = gathered.slice()
  }

  async function look(wanted: string): Promise<void> {
    try {
      const now = await job(wanted)
      if (toValue(id) === wanted) found.value = now
    } catch (error) {
      if (toValue(id) === wanted) problem.value = problemOf(error)
    }
  }

  function begin(wanted: string | null): void {
    stop()
    clearTimeout(clock)
    clock = undefined
    gathered = []
    events.value = []
    found.value = undefined
    problem.value = undefined
    lost.value = false
    stop = () => {}
    if (!wanted) return
    void look(wanted)
    stop = follow(wanted, {
      event(kind, _, told) {
        if (kind === 'state') return void look(wanted)
        gathered.push(told)
        clock ??= setTimeout(draw, DRAWN_MS)
      },
      connected: (now) => (lost.value = !now),
      ended: () => void look(wanted),
    })
  }

  watch(() => toValue(id), begin, { immediate: true })
  onScopeDispose(() => {
    stop()
    clearTimeout(clock)
  })

  return {
    job: computed(() => found.value),
    events: computed(() => events.value),
    open: computed(() => (found.value ? isOpen(found.value.state) : false)),
    lost: computed(() => lost.value),
    problem: computed(() => problem.value),
    async cancel() {
      const wanted = toValue(id)
      if (!wanted) return
      try {
        found.value = await cancel(wanted)
      } catch (error) {
        problem.value = problemOf(error)
      }
    },
  }
}
