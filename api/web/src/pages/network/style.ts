/** How nodes and links look: colour says the part that is played, form and size the level, strokes the kind. */
import type { Language } from '@/words/language'
import { LIES_IN, type Link, type Node, type Role } from './net'

/** Colours that pictures are drawn with; see `looks/theme`. */
export type Inks = Readonly<Record<string, string>>
export interface Form {
  symbol: 'circle' | 'diamond' | 'rect'
  size: number
  ring: number
}
export interface Stroke {
  ink: 'accent' | 'good' | 'warn' | 'ink' | 'ink-3' | 'line-2'
  width: number
  type: 'solid' | 'dashed' | 'dotted'
}

const SIZES = [34, 25, 18, 12, 10] as const
const RINGS = [4, 2.5, 1.2, 0, 0] as const

/** Higher levels are larger and ringed; the lowest is a square; units are diamonds. */
export function formOf(level: string, levels: readonly string[]): Form {
  const rank = levels.indexOf(level)
  if (rank < 0) return { symbol: 'diamond', size: 20, ring: 1.2 }
  const lowest = rank === levels.length - 1 && rank > 1
  return {
    symbol: lowest ? 'rect' : 'circle',
    size: SIZES[Math.min(rank, SIZES.length - 1)]!,
    ring: RINGS[Math.min(rank, RINGS.length - 1)]!,
  }
}

const STROKES: readonly Stroke[] = [
  { ink: 'accent', width: 3.4, type: 'solid' },
  { ink: 'accent', width: 1.8, type: 'solid' },
  { ink: 'good', width: 3.4, type: 'solid' },
  { ink: 'good', width: 1.8, type: 'solid' },
  { ink: 'warn', width: 2.2, type: 'solid' },
  { ink: 'warn', width: 1.2, type: 'solid' },
  { ink: 'ink-3', width: 1.2, type: 'solid' },
  { ink: 'ink-3', width: 2.4, type: 'solid' },
  { ink: 'ink', width: 1.4, type: 'solid' },
]

/** Of a kind, by its place in the schema's list; the tree of regions is dotted. */
export function strokeOf(kind: string, kinds: readonly string[]): Stroke {
  if (kind === LIES_IN) return { ink: 'line-2', width: 1, type: 'dotted' }
  const at = kinds.indexOf(kind)
  return STROKES[at < 0 ? STROKES.length - 1 : at % STROKES.length]!
}

/** The stroke of a link: dashed where it has ended. */
export function strokeOfLink(link: Link, kinds: readonly string[]): Stroke {
  const stroke = strokeOf(link.kind, kinds)
  return link.ended ? { ...stroke, type: 'dashed' } : stroke
}

/** The fill of a node: blue supports, vermillion is supported, halves where it is both. */
export function fillOf(role: Role, inks: Inks): string | object {
  if (role === 'supporter') return inks['supporter']!
  if (role === 'recipient') return inks['recipient']!
  if (role === 'none') return inks['land-line']!
  const half = (offset: number, ink: string) => ({ offset, color: inks[ink]! })
  return {
    type: 'linear',
    x: 0,
    y: 0,
    x2: 1,
    y2: 0,
    colorStops: [half(0, 'supporter'), half(0.5, 'supporter'), half(0.5, 'recipient'), half(1, 'recipient')],
  }
}

/** What a node is called; regions in English by their English name or pinyin, units only where they have an English name. */
export function nameIn(node: Pick<Node, 'name' | 'pinyin' | 'level'>, language: Language): string {
  const { name, pinyin, level } = node
  if (language === 'zh' || !pinyin) return name
  if (level === 'unit' && /^[a-z]/.test(pinyin)) return name
  return pinyin[0]!.toUpperCase() + pinyin.slice(1)
}
