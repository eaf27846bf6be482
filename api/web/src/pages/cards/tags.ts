/** What a place counts as, in words: `contiguous_area=滇西边境山区` with its title, a value that only says "yes" left out. */
export function tagWords(tags: readonly string[], titleOf: (tag: string) => string): string[] {
  return tags.map((tag) => {
    const at = tag.indexOf('=')
    const [name, value] = at < 0 ? [tag, ''] : [tag.slice(0, at), tag.slice(at + 1)]
    return value && value !== '1' ? `${titleOf(name)} ${value}` : titleOf(name)
  })
}
