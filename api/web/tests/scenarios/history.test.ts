import { describe, expect, it } from 'vitest'
import { diffLines, steps } from '@/pages/scenarios/history'
import type { Edit } from '@/pages/scenarios/kinds'

function edit(revision: number, of: number | null = null, what: Edit['what'] = 'toml'): Edit {
  return {
    revision,
    of,
    what: of === null ? what : 'restored',
    etag: '',
    at: '',
    by: 'li',
    why: '',
    tables: [],
  }
}

describe('undo and redo of what is saved', () => {
  it('goes back to the state before, and has no way forward from the newest', () => {
    expect(steps([edit(1, null, 'created'), edit(2), edit(3)])).toEqual({ back: 2, forward: null })
  })

  it('goes on back behind an undo, and forward to where it came from', () => {
    const once = [edit(1), edit(2), edit(3), edit(4, 2)]
    expect(steps(once)).toEqual({ back: 1, forward: 3 })
    expect(steps([...once, edit(5, 1)])).toEqual({ back: null, forward: 2 })
    expect(steps([...once, edit(5, 3)])).toEqual({ back: 2, forward: null })
  })

  it('follows a restoring of a restoring', () => {
    expect(steps([edit(1), edit(2), edit(3, 1), edit(4, 3)])).toEqual({ back: null, forward: 2 })
  })

  it('leaves deleted scenarios and empty histories alone', () => {
    expect(steps([])).toEqual({ back: null, forward: null })
    expect(steps([edit(1), edit(2, null, 'deleted')])).toEqual({ back: null, forward: null })
  })
})

it('reads a unified difference without its head', () => {
  const told = '--- 1\n+++ 2\n@@ -1,2 +1,2 @@\n format = 1\n-x = 1\n+x = 2\n'
  expect(diffLines(told)).toEqual([
    { kind: 'place', text: '@@ -1,2 +1,2 @@' },
    { kind: 'same', text: 'format = 1' },
    { kind: 'out', text: 'x = 1' },
    { kind: 'in', text: 'x = 2' },
  ])
  expect(diffLines('')).toEqual([])
})
