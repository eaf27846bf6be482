/** Key figures beside those of the baseline. */
interface Figure {
  better: string
  plan?: unknown
  baseline?: unknown
}

/** Whether the plan's figure is better or worse than the baseline's; nothing where neither is, or they are equal. */
export function inFavour(figure: Figure): 'better' | 'worse' | null {
  const { better, plan, baseline } = figure
  if (typeof plan !== 'number' || typeof baseline !== 'number' || plan === baseline) return null
  if (better !== 'more' && better !== 'less') return null
  return plan > baseline === (better === 'more') ? 'better' : 'worse'
}
