/** One scenario that is looked at or edited: as it stands, what is drafted, what looking the draft over tells, and saving it. */
import { useQueryClient } from '@tanstack/vue-query'
import { useStorage, watchDebounced } from '@vueuse/core'
import { computed, type InjectionKey, type MaybeRefOrGetter, ref, shallowRef, toValue, watch } from 'vue'
import { answered, client, whole } from '@/service/client'
import { type Problem, problemOf, SILENT } from '@/service/problem'
import type { Told } from '@/words/language'
import { useAnswer } from '@/service/useAnswer'
import { problemWith } from './levers/lever'
import { useMayPlan } from './mayPlan'
import { begun, count, type Draft, patchOf, put, redo, undo } from './draft'
import type { Change, Checked, Lever, OneScenario, Value } from './kinds'
import { type Meeting, meetings, merged } from './merge'

/** What is wrong, behind the title of what it is wrong with. */
const besides = (title: Told, told: Told): Told => ({
  zh: `${title.zh}：${told.zh}`,
  en: `${title.en}: ${told.en}`,
})
/** After the last edit so long until the draft is looked over (ms). */
const LOOKED_OVER_MS = 600

export type OpenScenario = ReturnType<typeof useScenario>
export const SCENARIO: InjectionKey<OpenScenario> = Symbol('scenario')

export function useScenario(name: MaybeRefOrGetter<string>) {
  const may = useMayPlan()
  const queries = useQueryClient()
  const etag = ref('')
  const answer = useAnswer(
    () => ['scenario', toValue(name)],
    async (signal) => {
      const got = await client.GET('/api/v1/scenarios/{name}', {
        params: { path: { name: toValue(name) } },
        signal,
      })
      return { ...got, data: got.data && { ...got.data, etag: got.response.headers.get('ETag') ?? '' } }
    },
    { freshMs: 0, keep: false },
  )
  const scenario = computed<OneScenario | undefined>(() => answer.data.value)
  watch(
    () => answer.data.value?.etag,
    (now) => (etag.value = now ?? ''),
    { immediate: true },
  )

  const editable = computed(() => !!scenario.value && !scenario.value.shipped && may.value)
  const levers = computed(() => {
    const found = new Map<string, Lever>()
    for (const [stage, all] of Object.entries(scenario.value?.resolved?.policies ?? {}))
      for (const lever of all) found.set(`${stage}.${lever.key}`, lever)
    return found
  })
  const holding = computed(() => new Map([...levers.value].map(([key, l]) => [key, l.value as Value])))
  const ownChanges = computed<Change[]>(() =>
    (scenario.value?.resolved?.changes ?? [])
      .filter((c) => c.scenario === toValue(name))
      .map((c) => c.change),
  )

  // Drafts: kept in the browser until they are saved or thrown away.
  const kept = useStorage<Record<string, Draft>>('jiedui.scenario-drafts', {})
  const draft = computed<Draft>({
    get: () => kept.value[toValue(name)] ?? begun(etag.value),
    set: (next) => {
      const others = { ...kept.value }
      delete others[toValue(name)]
      const empty = count(next) === 0 && !next.past.length && !next.future.length
      kept.value = empty ? others : { ...others, [toValue(name)]: next }
    },
  })
  const drafted = computed(() => count(draft.value))
  /** How much was drafted before this page was opened: said until something is edited. */
  const found = ref(count(draft.value))

  /** The value as it would be: drafted, else as it stands. */
  function valueOf(key: string): unknown {
    const lever = levers.value.get(key)
    if (!(key in draft.value.now.values)) return lever?.value
    const mine = draft.value.now.values[key]
    return mine === null ? lever?.beneath : mine
  }

  function set(key: string, value: Value): void {
    const lever = levers.value.get(key)
    if (lever)
      draft.value = put(draft.value, key, value, lever.value as Value, lever.scenario === toValue(name))
  }

  // The live check of the draft, or of what is saved where nothing is drafted.
  const checked = shallowRef<Checked>()
  const checking = ref(false)
  const wrong = shallowRef<Problem>()
  let turn = 0

  /** What is wrong with drafted values as far as it can be told without asking. */
  const plain = computed<Problem | undefined>(() => {
    for (const [key, value] of Object.entries(draft.value.now.values)) {
      const lever = levers.value.get(key)
      const told = lever && problemWith(lever, value)
      if (lever && told) return { ...SILENT, status: 422, message: besides(lever.title, told) }
    }
    return undefined
  })

  async function check(): Promise<void> {
    const mine = ++turn
    if (plain.value) {
      wrong.value = plain.value
      return
    }
    checking.value = true
    try {
      const path = { name: toValue(name) }
      const body = drafted.value && editable.value ? patchOf(draft.value, ownChanges.value) : undefined
      const asked = client.POST('/api/v1/scenarios/{name}/validate', {
        params: { path },
        ...(body && { body: body as never }),
      })
      const found = await answered(asked)
      if (mine === turn) [checked.value, wrong.value] = [found, undefined]
    } catch (error) {
      if (mine === turn) wrong.value = problemOf(error)
    } finally {
      if (mine === turn) checking.value = false
    }
  }
  watchDebounced(
    () => [toValue(name), draft.value.now, etag.value],
    () => etag.value && void check(),
    { debounce: LOOKED_OVER_MS, deep: true, immediate: true },
  )

  // Saving.
  const saving = ref(false)
  const refused = shallowRef<Problem>()
  /** Somebody else has saved meanwhile: what both have changed. */
  const met = shallowRef<{ etag: string; values: Meeting[]; by: string; at: string }>()

  async function renewed(): Promise<OneScenario | undefined> {
    await queries.invalidateQueries({ queryKey: ['scenario', toValue(name)] })
    await queries.invalidateQueries({ queryKey: ['scenarios'] })
    return answer.data.value
  }

  async function save(): Promise<boolean> {
    saving.value = true
    refused.value = undefined
    try {
      const asked = client.PATCH('/api/v1/scenarios/{name}/toml', {
        params: { path: { name: toValue(name) }, header: { 'If-Match': draft.value.etag } as never },
        body: patchOf(draft.value, ownChanges.value) as never,
      })
      await whole(asked)
      forget()
      await renewed()
      return true
    } catch (error) {
      const problem = problemOf(error)
      if (problem.status === 412) await meet()
      else refused.value = problem
      return false
    } finally {
      saving.value = false
    }
  }

  /** Read what the other has saved, and tell both side by side. */
  async function meet(): Promise<void> {
    await renewed()
    const edit = scenario.value?.edit
    met.value = {
      etag: etag.value,
      values: meetings(draft.value, holding.value),
      by: edit?.by ?? '',
      at: edit?.at ?? '',
    }
  }

  async function settle(keep: Readonly<Record<string, 'mine' | 'theirs'>>): Promise<void> {
    if (!met.value) return
    draft.value = merged(draft.value, met.value.etag, holding.value, keep)
    met.value = undefined
    if (drafted.value) await save()
    else forget()
  }

  function forget(): void {
    const others = { ...kept.value }
    delete others[toValue(name)]
    kept.value = others
    found.value = 0
    refused.value = undefined
    met.value = undefined
  }

  return {
    name: computed(() => toValue(name)),
    answer,
    scenario,
    etag,
    editable,
    levers,
    ownChanges,
    draft,
    drafted,
    found,
    valueOf,
    set,
    undo: () => (draft.value = undo(draft.value)),
    redo: () => (draft.value = redo(draft.value)),
    checked,
    checking,
    wrong,
    saving,
    refused,
    met,
    save,
    settle,
    forget,
    renewed,
  }
}
