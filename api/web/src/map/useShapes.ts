/** Shapes of a level, fetched once for a version of the network. */
import type { Topology } from 'topojson-specification'
import { computed, type ComputedRef, type MaybeRefOrGetter, toValue } from 'vue'
import { client } from '@/service/client'
import { type Answer, useAnswer } from '@/service/useAnswer'
import { type Shapes, shapesOf } from './topology'

const made = new Map<string, Shapes>()

/** @param level whose regions; `null`: none yet */
export function useShapes(
  level: MaybeRefOrGetter<string | null>,
  version: MaybeRefOrGetter<string>,
): { shapes: ComputedRef<Shapes | undefined>; answer: Answer<unknown> } {
  const answer = useAnswer(
    () => (toValue(level) && toValue(version) ? ['topology', toValue(level), toValue(version)] : null),
    (signal) =>
      client.GET('/api/v1/network/topology', { params: { query: { level: toValue(level)! } }, signal }),
    { freshMs: Infinity },
  )
  const shapes = computed(() => {
    const topology = answer.data.value as (Topology & { level?: string }) | undefined
    if (!topology) return undefined
    const name = `${topology.level ?? ''} ${toValue(version)}`
    if (!made.has(name)) made.set(name, shapesOf(topology, topology.level ?? '', toValue(version)))
    return made.get(name)
  })
  return { shapes, answer }
}
