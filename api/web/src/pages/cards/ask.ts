/** What is asked for a card: a place or unit with its ledger, or a pair by its relation. */
import { client } from '@/service/client'
import type { components } from '@/service/contract'

type Schemas = components['schemas']
export type Place = Schemas['Place']
export type Tie = Schemas['Tie']
export type Entry = Schemas['PledgedRow']
export type Record_ = Schemas['Record']
export type Pair = Schemas['Pair']
export type Standing = Schemas['Standing']
export type Gate = Schemas['Gate']

export interface CardAnswer {
  /** With which id it was asked for, and for which day (empty: the network's own). */
  asked: string
  place?: Record_
  pair?: Pair
}
type Got<T> = { data?: T; error?: unknown; response: Response }

/** Ids of relations are told by their colon; where one has none, it is looked for after places and units. */
export async function askCard(id: string, at: string, signal: AbortSignal): Promise<Got<CardAnswer>> {
  const query = at ? { at } : {}
  const place = async (): Promise<Got<CardAnswer>> => {
    const got = await client.GET('/api/v1/network/records/{id}', { params: { path: { id }, query }, signal })
    return got.data ? { response: got.response, data: { asked: id, place: got.data } } : refused(got)
  }
  const pair = async (): Promise<Got<CardAnswer>> => {
    const got = await client.GET('/api/v1/network/pairs/{relation}', {
      params: { path: { relation: id }, query },
      signal,
    })
    return got.data ? { response: got.response, data: { asked: id, pair: got.data } } : refused(got)
  }
  const [likelier, else_] = id.includes(':') ? [pair, place] : [place, pair]
  const first = await likelier()
  if (first.response.status !== 404) return first
  const second = await else_()
  return second.response.ok ? second : first
}

function refused(got: { error?: unknown; response: Response }): Got<CardAnswer> {
  return { error: got.error, response: got.response }
}
