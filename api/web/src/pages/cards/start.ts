/** Where most is the matter. */
export interface Busy {
  id: string
  count: number
}

/** Regions with most alerts, those with most first; alerts that are nobody's alone are left out. */
export function busiest(alerts: readonly { region: string | null }[], most: number): Busy[] {
  const counts = new Map<string, number>()
  for (const { region } of alerts) if (region) counts.set(region, (counts.get(region) ?? 0) + 1)
  return [...counts]
    .map(([id, count]) => ({ id, count }))
    .sort((a, b) => b.count - a.count || a.id.localeCompare(b.id))
    .slice(0, most)
}
