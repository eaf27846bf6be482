/** What the service says when it cannot answer (RFC 9457), in both languages, and what is said where there is no answer at all. */
import type { Told } from '@/words/language'

export interface Problem {
  /** HTTP status; 0: nothing came back. */
  status: number
  title: string
  message: Told
  /** For the log of those who run the service. */
  request?: string
  /** Rows, fields or neighbours of what was wrong, as the service gives them. */
  more: Record<string, unknown>
}

export const SILENT: Problem = {
  status: 0,
  title: '连不上服务',
  message: {
    zh: '连不上服务：请检查网络，稍后再试。页面上已有的内容仍可查看。',
    en: 'The service cannot be reached: check the connection and try again. What is on the page can still be read.',
  },
  more: {},
}

/** An answer's problem as an error, so that whoever asked can catch it. */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.message.zh)
    this.name = 'Refused'
  }
}

const OWN = new Set(['type', 'title', 'status', 'detail', 'instance', 'message', 'request_id'])

/** Read a problem document; of whatever else came, the status is said. */
export function readProblem(status: number, body: unknown): Problem {
  if (typeof body !== 'object' || body === null) return bare(status)
  const told = body as Record<string, unknown>
  const message = told['message']
  if (!isTold(message)) return bare(status)
  const more = Object.fromEntries(Object.entries(told).filter(([name]) => !OWN.has(name)))
  const problem: Problem = { status, title: String(told['title'] ?? ''), message, more }
  return typeof told['request_id'] === 'string' ? { ...problem, request: told['request_id'] } : problem
}

function isTold(value: unknown): value is Told {
  return typeof value === 'object' && value !== null && 'zh' in value && 'en' in value
}

function bare(status: number): Problem {
  return {
    status,
    title: String(status),
    message: { zh: `服务答复异常（${status}）`, en: `The service gave an unexpected answer (${status})` },
    more: {},
  }
}

/** The problem behind any error. */
export function problemOf(error: unknown): Problem {
  return error instanceof Refused ? error.problem : SILENT
}
