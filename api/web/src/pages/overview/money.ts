/** Where money comes from, as what, and to which province: three columns, so that money that returns or mutual aid never makes a circle. */
export interface MoneyRow {
  origin: string
  item: string
  giver: string
  giver_name: string
  taker: string
  taker_name: string
  amount: number
}

export interface MoneyNode {
  key: string
  name: string
  /** Of the region or fund; empty where several are put together. */
  code: string
  column: 0 | 1 | 2
  amount: number
}

export interface MoneyLink {
  source: string
  target: string
  value: number
}

const COLUMNS = ['from', 'as', 'to'] as const
/** Nodes in a column at most; the smaller ones are put together. */
const MOST = 14

export interface Money {
  nodes: MoneyNode[]
  links: MoneyLink[]
}

/**
 * @param rows flows of money of one year
 * @param itemName what an item is called
 * @param others what many small ones together are called
 */
export function moneyOf(
  rows: readonly MoneyRow[],
  itemName: (row: MoneyRow) => string,
  others: (count: number) => string,
): Money {
  const given = rows.filter((row) => row.amount > 0)
  const [givers, takers] = [largest(given, (row) => row.giver), largest(given, (row) => row.taker)]
  const nodes = new Map<string, MoneyNode>()
  const links = new Map<string, MoneyLink>()
  for (const row of given) {
    const ways = [
      end(0, givers, row.giver, row.giver_name),
      { key: `as ${row.item}`, name: itemName(row), code: '', column: 1 as const },
      end(2, takers, row.taker, row.taker_name),
    ]
    for (const way of ways) {
      const node = nodes.get(way.key) ?? {
        key: way.key,
        name: way.name,
        code: way.code,
        column: way.column,
        amount: 0,
      }
      node.amount += row.amount
      nodes.set(way.key, node)
    }
    for (const [from, to] of [
      [ways[0]!, ways[1]!],
      [ways[1]!, ways[2]!],
    ] as const) {
      const key = `${from.key}\0${to.key}`
      const link = links.get(key) ?? { source: from.key, target: to.key, value: 0 }
      link.value += row.amount
      links.set(key, link)
    }
  }
  return { nodes: [...nodes.values()], links: [...links.values()] }

  function end(column: 0 | 2, kept: Kept, code: string, name: string) {
    const side = COLUMNS[column]
    if (kept.codes.has(code)) return { key: `${side} ${code}`, name, code, column }
    return { key: `${side} others`, name: others(kept.rest), code: '', column }
  }
}

interface Kept {
  codes: Set<string>
  rest: number
}

function largest(rows: readonly MoneyRow[], of: (row: MoneyRow) => string): Kept {
  const sums = new Map<string, number>()
  for (const row of rows) sums.set(of(row), (sums.get(of(row)) ?? 0) + row.amount)
  const sorted = [...sums].toSorted((a, b) => b[1] - a[1]).map(([code]) => code)
  const kept = sorted.length > MOST ? sorted.slice(0, MOST - 1) : sorted
  return { codes: new Set(kept), rest: sorted.length - kept.length }
}
