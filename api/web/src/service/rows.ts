/** Rows of the network's tables, by conditions on their columns. */
import { client } from './client'
import type { paths } from './contract'

export type TableName = paths['/api/v1/network/tables/{table}']['get']['parameters']['path']['table']

/** A page of rows; of `R` only the columns that are needed are named. */
export interface RowPage<R> {
  rows: R[]
  /** Rows on all pages. */
  total: number
  next: string | null
}

/**
 * Ask for the rows of a table.
 *
 * @param where conditions as the service takes them: `{ region: '533323', year__lte: '2016' }`
 * @param how `sort`, `limit`, `columns` as the service takes them
 */
export function askRows<R>(
  table: TableName,
  where: Record<string, string>,
  signal: AbortSignal,
  how: { sort?: string; limit?: string; columns?: string } = {},
): Promise<{ data?: RowPage<R>; error?: unknown; response: Response }> {
  // The contract describes conditions as one object whose members are parameters of their own; here they are laid beside the others.
  const query: Record<string, string> = { ...where, ...how }
  return client.GET('/api/v1/network/tables/{table}', {
    params: { path: { table }, query },
    headers: { Accept: 'application/json' },
    signal,
  }) as unknown as Promise<{ data?: RowPage<R>; error?: unknown; response: Response }>
}
