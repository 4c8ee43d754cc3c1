import { describe, expect, it } from 'vitest'
import { mustBe, mustBeOwn, mustMatch, mustSee } from '../../../lib/core/access.ts'
import type { Actor, Role } from '../../../lib/core/context.ts'
import { conflict, mustExist, notFound } from '../../../lib/core/errors.ts'

const actor = (role: Role, partnerId?: string): Actor => ({ subject: 'mia', role, scopes: [], ...(partnerId && { partnerId }) })
const codeOf = (check: () => void) => {
  try {
    check()
    return 'allowed'
  } catch (error) {
    return Object(error).code
  }
}

describe('access', () => {
  it.each<[Role, string, string, string]>([
    ['partner', 'ptn-1', 'allowed', 'allowed'],
    ['partner', 'ptn-2', 'not_found', 'forbidden'],
    ['manager', '', 'allowed', 'allowed'],
    ['finance', '', 'allowed', 'allowed'],
    ['platform', '', 'allowed', 'allowed'],
  ])('of a %s %s to what is of ptn-1: seeing is %s, acting is %s', (role, partnerId, seeing, acting) => {
    expect(codeOf(() => mustSee(actor(role, partnerId), 'ptn-1', 'offer', 'off-1'))).toBe(seeing)
    expect(codeOf(() => mustBeOwn(actor(role, partnerId), 'ptn-1'))).toBe(acting)
  })

  it('to what is foreign is refused in the words of an unknown id', () => {
    const seeing = () => mustSee(actor('partner', 'ptn-2'), 'ptn-1', 'offer', 'off-1')
    expect(seeing).toThrow(notFound('offer', 'off-1').message)
  })

  it('by role names the roles that may', () => {
    expect(() => mustBe(actor('finance'), 'finance', 'platform')).not.toThrow()
    expect(() => mustBe(actor('partner', 'ptn-1'), 'finance', 'platform')).toThrow(/finance or platform/)
  })
})

describe('a version that was seen', () => {
  it.each([
    [undefined, 'allowed'],
    [3, 'allowed'],
    [2, 'stale_version'],
    [4, 'stale_version'],
  ])('%s against version 3 is %s', (expected, outcome) => {
    expect(codeOf(() => mustMatch(expected, 3))).toBe(outcome)
  })
})

describe('what a request names', () => {
  const found = Promise.resolve({})
  const missing = (id: string) => Promise.reject(notFound('partner', id))

  it('is there, or was not named', async () => {
    await expect(mustExist({ accountId: found, partnerId: undefined })).resolves.toBeUndefined()
  })

  it('and is not there is told with all its fields', async () => {
    const asking = mustExist({ accountId: missing('a'), ok: found, partnerId: missing('b') })
    await expect(asking).rejects.toMatchObject({
      code: 'not_found',
      details: [{ target: 'accountId' }, { target: 'partnerId', message: expect.stringContaining('b') }],
    })
  })

  it('and cannot be read is no missing field', async () => {
    await expect(mustExist({ accountId: Promise.reject(conflict('busy')) })).rejects.toMatchObject({ code: 'conflict' })
  })
})
