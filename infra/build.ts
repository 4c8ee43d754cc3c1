import { rmSync } from 'node:fs'
import { type Bundle, bundle } from './bundle.ts'
import { functions } from './service.ts'

const BUDGET_KB = 500

const kb = (bytes: number) => Math.ceil(bytes / 1000)
const line = ({ name, bytes, lazyBytes }: Bundle) =>
  `${name.padEnd(32)}${String(kb(bytes)).padStart(5)} KB${lazyBytes > 0 ? ` + ${kb(lazyBytes)} KB on first use` : ''}`

/** esbuild has said already what is wrong when a bundle fails. */
const stop = () => process.exit(1)

rmSync('dist', { recursive: true, force: true })
const started = performance.now()
const all = Object.keys(functions).map((name) => bundle(name, `functions/${name}.ts`, 'dist'))
const bundles = await Promise.all(all).catch(stop)
for (const built of bundles) console.log(line(built))
console.log(`${bundles.length} functions in ${((performance.now() - started) / 1000).toFixed(1)} s`)

const tooLarge = bundles.filter(({ bytes }) => kb(bytes) > BUDGET_KB).map(({ name }) => name)
if (tooLarge.length > 0) {
  console.error(`over ${BUDGET_KB} KB, which cold starts pay for: ${tooLarge.join(', ')}. Load what is rare with import()`)
  process.exitCode = 1
}
