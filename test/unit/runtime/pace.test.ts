import { expect, it } from 'vitest'
import { spacing } from '../../../lib/runtime/pace.ts'

it('calls that come at once begin evenly, and none waits that comes late enough', () => {
  const waitOf = spacing(5)
  expect([0, 0, 0, 100, 1000, 1000].map(waitOf)).toEqual([0, 200, 400, 500, 0, 200])
  const free = spacing(Number.POSITIVE_INFINITY)
  expect([0, 0, 0].map(free)).toEqual([0, 0, 0])
})
