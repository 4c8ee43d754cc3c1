import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundle } from '../../infra/bundle.ts'
import { entryFiles } from '../../infra/service.ts'

const LIMIT_KB = 500

const kb = (bytes: number) => Math.ceil(bytes / 1000)

/** What each function loads when it starts, the largest first, beside the limit that the build keeps. */
export const bundleSize = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bundle-size-'))
  try {
    const built = await bundle(entryFiles, folder)
    const rows = built
      .toSorted((a, b) => b.bytes - a.bytes)
      .map(({ name, bytes, lazyBytes }) => ({
        name,
        kb: kb(bytes),
        ratio: Number((kb(bytes) / LIMIT_KB).toFixed(2)),
        target: '≤ 1',
        lazyKb: kb(lazyBytes),
      }))
    console.table(rows)
    return rows
  } finally {
    rmSync(folder, { recursive: true })
  }
}
