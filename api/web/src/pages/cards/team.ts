/** A village's team on a day. */
export interface Post {
  post: string
  role: string | null
  skill: string | null
  minimum: number | null
  target: number | null
}
export interface Posting {
  cadre: string
  post: string
  role: string | null
  since: string | null
  until: string | null
  days_in_village: number | null
  mark: string | null
}
export interface Seat {
  post: string
  role: string
  skill: string
  minimum: number
  target: number
  held: Posting[]
}

/** Half-open: since the first day, until the day before the last; what begins on an unknown day counts. */
export function holds(one: { since: string | null; until: string | null }, at: string): boolean {
  return (one.since === null || one.since <= at) && (one.until === null || at < one.until)
}

/** Posts in the table's order, with those who hold them; postings on posts that are not listed stand at the end. */
export function teamOf(posts: readonly Post[], postings: readonly Posting[], at: string): Seat[] {
  const held = postings.filter((one) => holds(one, at))
  const seats = posts.map((post) => ({
    post: post.post,
    role: post.role ?? '',
    skill: post.skill ?? '',
    minimum: post.minimum ?? 0,
    target: post.target ?? 0,
    held: held.filter((one) => one.post === post.post),
  }))
  const known = new Set(seats.map((seat) => seat.post))
  const others = held.filter((one) => !known.has(one.post))
  for (const post of new Set(others.map((one) => one.post))) {
    const those = others.filter((one) => one.post === post)
    seats.push({ post, role: those[0]?.role ?? '', skill: '', minimum: 0, target: those.length, held: those })
  }
  return seats
}
