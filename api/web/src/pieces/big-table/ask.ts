/** Tables and groups of the service, asked for by their addresses: which table it is, is known only while running. */
import { answered } from '@/service/client'
import type { Group } from './layout'
import type { Answer } from './pages'

export interface Groups {
  groups: Group[]
  /** All groups; the first ten thousand are told. */
  total: number
  rows: number
}

interface Got<T> {
  data?: T
  error?: unknown
  response: Response
}

/** An answer as the client gives it; for `useAnswer`. */
export async function got<T>(address: string, signal: AbortSignal): Promise<Got<T>> {
  const response = await fetch(address, { signal, headers: { Accept: 'application/json' } })
  const body: unknown = await response.json().catch(() => undefined)
  return response.ok ? { data: body as T, response } : { error: body, response }
}

/** Rows of a table; throws as `answered` does. */
export function rowsOf(address: string, signal: AbortSignal): Promise<Answer> {
  return answered(got<Answer>(address, signal))
}
