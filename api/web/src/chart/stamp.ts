/** What stands below every picture that leaves the house, so that paper leads back to the record. */
import type { Language, Told } from '@/words/language'
import { GENERAL } from '@/words/general'

export interface Stamp {
  title: string
  /** Date or dates that are shown. */
  date: string
  network: string
  version: string
  plan?: string
  sources: readonly string[]
  /** Marks of what is shown: recalled, synthetic, assumed. */
  marks: readonly Told[]
  /** Further lines, for example that a map is schematic. */
  notes?: readonly string[]
}

/** The lines of a stamp, in the language that is chosen. */
export function stampLines(stamp: Stamp, language: Language, made = new Date()): string[] {
  const words = GENERAL[language]
  const told = (name: string, value: string) => (value ? `${name}: ${value}` : '')
  const first = [
    told(words.date, stamp.date),
    told(words.plan, stamp.plan ?? ''),
    told(words.dataVersion, `${stamp.network} ${stamp.version}`.trim()),
    told(words.made, made.toISOString().slice(0, 16).replace('T', ' ') + ' UTC'),
  ]
  const marks = stamp.marks.map((mark) => `${mark.zh} ${mark.en}`).join('; ')
  const second = [
    told(words.source, [...new Set(stamp.sources)].slice(0, 4).join('; ')),
    told(words.marks, marks),
    ...(stamp.notes ?? []),
  ]
  return [first, second].map((line) => line.filter(Boolean).join('  ·  ')).filter(Boolean)
}

/** A name for the file. */
export function fileName(stamp: Stamp, suffix: string): string {
  return `${[stamp.title, stamp.date]
    .filter(Boolean)
    .join(' ')
    .replace(/[\\/:*?"<>|\s]+/g, '-')
    .slice(0, 90)}.${suffix}`
}
