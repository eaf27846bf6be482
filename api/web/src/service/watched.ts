/** Jobs ordered from this browser: they are followed whatever page is open and after a reload, and it is told when one has ended. */
import { useStorage } from '@vueuse/core'
import { defineStore } from 'pinia'
import { ref, watch } from 'vue'
import { follow, job, type Job } from './jobs'

export interface Watched {
  id: string
  kind: string
  /** What it is about, for the notice: a scenario's name. */
  about: string
  /** Where it can be looked at. */
  path: string
}

/** So many are followed at once: browsers hold few streams to one server. */
const AT_ONCE = 2

export const useWatched = defineStore('watched', () => {
  const waiting = useStorage<Watched[]>('jiedui.jobs', [])
  const ended = ref<{ what: Watched; job: Job }[]>([])
  const following = new Map<string, () => void>()

  /** Tell when this job has ended. */
  function add(what: Watched): void {
    if (!waiting.value.some((w) => w.id === what.id)) waiting.value = [...waiting.value, what]
  }

  function take(id: string): void {
    following.get(id)?.()
    following.delete(id)
    waiting.value = waiting.value.filter((w) => w.id !== id)
  }

  async function over(what: Watched): Promise<void> {
    take(what.id)
    const found = await job(what.id).catch(() => null)
    if (found) ended.value = [...ended.value, { what, job: found }]
  }

  /** The notice has been given. */
  function told(id: string): void {
    ended.value = ended.value.filter((e) => e.what.id !== id)
  }

  watch(
    waiting,
    (all) => {
      for (const what of all.slice(0, AT_ONCE)) {
        if (following.has(what.id)) continue
        following.set(
          what.id,
          follow(what.id, { event: () => {}, connected: () => {}, ended: () => void over(what) }),
        )
      }
    },
    { immediate: true, deep: true },
  )

  return { waiting, ended, add, take, told }
})
