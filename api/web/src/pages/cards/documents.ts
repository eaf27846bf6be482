/** Documents of a card. */
export interface Document {
  id: string
  title: string
  date: string | null
  link: string | null
  source: string | null
  mark: string | null
}

/** The address of a link as the data give it, often without `https://`; nothing where it would lead elsewhere than to a page. */
export function addressOf(link: string | null): string | undefined {
  if (!link) return undefined
  const whole = /^[a-z][a-z0-9+.-]*:/i.test(link) ? link : `https://${link}`
  return URL.canParse(whole) && /^https?:$/.test(new URL(whole).protocol) ? whole : undefined
}
