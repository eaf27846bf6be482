/** Titles of tables, columns and values as the service's schema has them. */
import { useNetwork } from '@/service/network'
import { said } from '@/words/language'
import type { Titles } from './sentence'

export function useTitles(): Titles {
  const network = useNetwork()
  const column = (table: string, name: string) => network.column(table, name)
  return {
    table: (name) => said(network.tables.get(name)?.title) || name,
    column: (table, name) => said(column(table, name)?.title) || name,
    value: (table, name, value) => {
      const kind = column(table, name)?.enum
      if (value === '' || value == null) return '∅'
      if (kind) return network.titleOf(kind, String(value))
      return typeof value === 'object' ? JSON.stringify(value) : String(value)
    },
  }
}
