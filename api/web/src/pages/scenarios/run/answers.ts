/** What jobs of kinds that the page orders answer: the commands' own `--json`, as far as it is shown. */
import type { Told } from '@/words/language'

export interface Member {
  stage: string
  key: string
  value: unknown
  title: Told
  entry: string
  place: Told
  origin: { file: string; line: number; cites: string }
  never_relax: boolean
}

export interface WayOut {
  words: readonly Told[]
  /** How large the changes are against the old values (shares, added up). */
  size: number
  /** Points. */
  objective: number | null
  /** Whether anything of the stage's tables is left with it. */
  decides: boolean
  /** With `whole`: a stage after it that fails; empty else. */
  later: string
}

export interface WaysOut {
  feasible: boolean
  stage: string
  told: Told
  members: readonly Member[]
  repairs: readonly WayOut[]
  written: string
}

export interface Option {
  what: Told
  total: number
  chosen: boolean
  note: Told
  left: Told
  terms: Record<string, number>
}

export interface Explained {
  stage: string
  what: Told
  why: Told
  options: readonly Option[]
  rules: readonly { rule: string; title: Told; here: Told; tightest: Told }[]
}

export interface Verified {
  ok: boolean
  broken: readonly unknown[]
}

export interface Planned {
  id: string
}

/** Of a plan's error: the rules that clash. */
export interface Clash {
  exit: number
  message: Told
  members?: readonly Member[]
  irreducible?: boolean
}
