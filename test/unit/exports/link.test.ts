import { describe, expect, it } from 'vitest'
import type { Actor, Role } from '../../../lib/core/context.ts'
import { linkToFile } from '../../../lib/exports/commands.ts'
import type { Export } from '../../../lib/exports/export.ts'
import type { ExportStore } from '../../../lib/exports/store.ts'

const actor = (role: Role): Actor => ({ subject: 'fay', role, scopes: [] })
const context = { now: '2026-11-02T09:00:00.000Z', newId: (prefix: string) => prefix }
const DONE: Export = {
  id: 'exp_1',
  version: 2,
  format: 'csv',
  period: '2026-10',
  status: 'done',
  requestedAt: context.now,
  requestedBy: 'fay',
  folder: '2026-10/exp_1/',
  files: [{ name: 'metrics.csv', rows: 1, bytes: 1, sha256: 'ab' }],
}

const linkTo = (exported: Export, name: string, role: Role = 'finance') => {
  const store = { get: async () => exported } as Partial<ExportStore> as ExportStore
  return linkToFile({ store, link: async (key, seconds) => `https://bucket.test/${key}?for=${seconds}` })(
    actor(role),
    'exp_1',
    name,
    context,
  )
}

describe('the address of a file', () => {
  it.each(['metrics.csv', 'manifest.json'])('of a finished export is good for a quarter of an hour: %s', async (name) => {
    expect(await linkTo(DONE, name)).toEqual({
      name,
      url: `https://bucket.test/2026-10/exp_1/${name}?for=900`,
      expiresAt: '2026-11-02T09:15:00.000Z',
    })
  })

  it.each([
    ['a file that is not of the export', DONE, 'salaries.csv'],
    ['a path out of its folder', DONE, '../exp_2/metrics.csv'],
    ['an export that is not finished', { ...DONE, status: 'requested' as const }, 'metrics.csv'],
  ])('of %s is not there', async (_, exported, name) => {
    await expect(linkTo(exported, name)).rejects.toMatchObject({ code: 'not_found' })
  })

  it.each<Role>(['partner', 'manager'])('is not for a %s', async (role) => {
    await expect(linkTo(DONE, 'metrics.csv', role)).rejects.toMatchObject({ code: 'forbidden' })
  })
})
