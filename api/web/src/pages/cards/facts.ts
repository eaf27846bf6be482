/** Figures of a region. */
export interface Fact {
  year: number
  measure: string
  value: number | null
  source: string | null
  mark: string | null
}

/** Of each measure the newest figure up to a year, in the table's order. */
export function newest(facts: readonly Fact[], year: number): Fact[] {
  const found = new Map<string, Fact>()
  for (const fact of facts) {
    const before = found.get(fact.measure)
    if (fact.year <= year && (!before || before.year < fact.year)) found.set(fact.measure, fact)
  }
  return [...found.values()]
}
