/** The service's resources, typed by its published contract. All that the view knows comes through here. */
import createClient, { type Middleware } from 'openapi-fetch'
import type { paths } from './contract'
import { readProblem, Refused, SILENT } from './problem'

export const client = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? '',
  querySerializer: { array: { style: 'form', explode: true } },
})

/** The word that a session's changes need; empty where there is no session. */
let csrf = ''

export function keepCsrf(word: string): void {
  csrf = word
}

const guarded: Middleware = {
  onRequest({ request }) {
    if (csrf && request.method !== 'GET') request.headers.set('X-CSRF-Token', csrf)
    return request
  },
}
client.use(guarded)

interface Answered<T> {
  data?: T
  error?: unknown
  response: Response
}

/**
 * The data of an answer.
 *
 * @throws Refused when the service refuses, or cannot be reached.
 */
export async function answered<T>(asked: Promise<Answered<T>>): Promise<T> {
  return (await whole(asked)).data
}

/** The data of an answer with its headers, for those who need its ETag; throws as {@link answered}. */
export async function whole<T>(asked: Promise<Answered<T>>): Promise<{ data: T; response: Response }> {
  let got: Answered<T>
  try {
    got = await asked
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new Refused(SILENT)
  }
  if (!got.response.ok) throw new Refused(readProblem(got.response.status, got.error))
  return { data: got.data as T, response: got.response }
}
