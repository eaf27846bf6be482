/** Shades of one colour, from pale to strong, for the classes of a heat map. */
export function shadesOf(pale: string, strong: string, many: number): string[] {
  const [from, to] = [rgb(pale), rgb(strong)]
  return Array.from({ length: many }, (_, at) => {
    const share = many === 1 ? 1 : at / (many - 1)
    const mix = from.map((value, channel) => Math.round(value + (to[channel]! - value) * share))
    return `#${mix.map((value) => value.toString(16).padStart(2, '0')).join('')}`
  })
}

function rgb(hex: string): number[] {
  const digits = /^#([0-9a-f]{6})$/i.exec(hex.trim())?.[1] ?? '888888'
  return [0, 2, 4].map((at) => parseInt(digits.slice(at, at + 2), 16))
}
