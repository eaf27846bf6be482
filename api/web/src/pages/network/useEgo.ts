/** The surroundings as they are drawn, and what can be done with a node; picture and list do the same. */
import { computed } from 'vue'
import { inks } from '@/looks/theme'
import { useNetwork } from '@/service/network'
import { language } from '@/words/language'
import { placed } from './layout'
import { kindsOf, LIES_IN, marksOf, merged, type Net, rolesOf, seen } from './net'
import { type Drawing, pictureOf, twinOf } from './picture'
import { radial } from './radial'
import { useStamp } from './stamp'
import type { Steps } from './steps'
import { useEnded } from './useEnded'
import { useSurroundings } from './useSurroundings'
import { useTitles } from './useTitles'

/** More nodes than that say nothing by forces. */
export const BY_FORCES = 500
const NOTHING: Net = { nodes: [], links: [], cut: false }

export function useEgo(steps: Steps) {
  const network = useNetwork()
  const stamp = useStamp()
  const { titles, columns } = useTitles()
  const answer = useSurroundings(steps)
  const ended = useEnded(steps)
  const centre = computed(() => answer.data.value?.centre ?? '')
  const all = computed<Net>(() => {
    const net = answer.data.value?.net ?? NOTHING
    return ended.value.links.length ? { ...merged([net, ended.value]), cut: net.cut } : net
  })
  const shown = computed(() => seen(all.value, centre.value, steps.hide.value, steps.without.value))
  const tooMany = computed(() => shown.value.nodes.length > BY_FORCES && steps.picture.value !== 'tree')
  const round = computed(() => tooMany.value || steps.picture.value === 'tree')
  const levels = computed(() => network.about.data.value?.levels ?? [])
  const kinds = computed(() => [...(network.enums.get('relation_kind')?.keys() ?? [])])
  // Of all that was read, so that nothing moves when something is hidden or shown again.
  const stages = computed(() => {
    const read = answer.data.value?.stages ?? []
    return ended.value.links.length ? [...read, { around: centre.value, net: ended.value }] : read
  })
  const places = computed(() => (round.value ? radial(shown.value, levels.value) : placed(stages.value)))
  const drawing = computed<Drawing>(() => ({
    net: shown.value,
    places: places.value,
    roles: rolesOf(shown.value),
    levels: levels.value,
    kinds: kinds.value,
    inks: inks.value,
    language: language.value,
    centre: centre.value,
    selected: steps.selected.value,
    round: round.value,
    titles,
  }))
  const without = (list: readonly string[], id: string) => list.filter((one) => one !== id)

  const acts = {
    /** Add a node's neighbours around it; once more folds them again. */
    expand: (id: string) =>
      (steps.also.value = steps.also.value.includes(id)
        ? without(steps.also.value, id)
        : [...steps.also.value, id]),
    hide: (id: string) => {
      if (id !== centre.value) steps.hide.value = [...without(steps.hide.value, id), id]
    },
    toggle: (kind: string) =>
      (steps.without.value = steps.without.value.includes(kind)
        ? without(steps.without.value, kind)
        : [...steps.without.value, kind]),
  }

  return {
    answer,
    all,
    shown,
    centre,
    tooMany,
    drawing,
    acts,
    option: computed(() => pictureOf(drawing.value)),
    twin: computed(() => twinOf(drawing.value, columns.value)),
    /** Kinds of everything that was read, those that are left out, too. */
    kinds: computed(() => kindsOf(all.value)),
    levels: computed(() => [...new Set(shown.value.nodes.map(({ level }) => level))]),
    relations: computed(() => shown.value.links.filter(({ kind }) => kind !== LIES_IN).length),
    stampOf: (title: string) => stamp(title, steps.at.value, marksOf(shown.value)),
  }
}

export type Ego = ReturnType<typeof useEgo>
