import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { bundle } from '../../infra/bundle.ts'

const folder = mkdtempSync(join(tmpdir(), 'bundle-'))
afterAll(() => rmSync(folder, { recursive: true }))

const ERRORS = resolve('lib/core/errors.ts')
const written = (name: string, source: string) => {
  const path = join(folder, name)
  writeFileSync(path, source)
  return path
}

it('a function knows the errors of what it loads late, though that is built apart', async () => {
  const late = written(
    'late.ts',
    `import { unavailable } from '${ERRORS}'\nexport const ask = () => { throw unavailable('busy') }`,
  )
  const entry = written(
    'entry.ts',
    `import { isCode } from '${ERRORS}'
     export const handler = async () => {
       const { ask } = await import('${late}')
       try { return ask() } catch (error) { return [isCode(error, 'unavailable'), isCode(error, 'conflict'), isCode(new Error(), 'conflict')] }
     }`,
  )
  mkdirSync(join(folder, 'out', 'api/x'), { recursive: true })
  const [built] = await bundle({ 'api/x': entry }, join(folder, 'out'))
  expect(built?.lazyBytes).toBeGreaterThan(0)
  const { handler } = await import(join(folder, 'out', 'api/x/index.mjs'))
  expect(await handler()).toEqual([true, false, false])
})
