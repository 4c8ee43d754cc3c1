import { rmSync } from 'node:fs'
import { type Bundle, bundle } from './bundle.ts'
import { entryFiles } from './service.ts'

const BUDGET_KB = 500

const kb = (bytes: number) => Math.ceil(bytes / 1000)
const line = ({ name, bytes, lazyBytes }: Bundle) =>
  `${name.padEnd(32)}${String(kb(bytes)).padStart(5)} KB${lazyBytes > 0 ? ` + ${kb(lazyBytes)} KB on first use` : ''}`

rmSync('dist', { recursive: true, force: true })
const started = performance.now()
// Why it fails esbuild says.
const bundles = await bundle(entryFiles, 'dist').catch(() => process.exit(1))
for (const built of bundles) console.log(line(built))
console.log(`${bundles.length} functions in ${((performance.now() - started) / 1000).toFixed(1)} s`)

const tooLarge = bundles.filter(({ bytes }) => kb(bytes) > BUDGET_KB).map(({ name }) => name)
if (tooLarge.length > 0) {
  console.error(`over ${BUDGET_KB} KB, which cold starts pay for: ${tooLarge.join(', ')}. Load what is rare with import()`)
  process.exitCode = 1
}
