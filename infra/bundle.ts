import { builtinModules } from 'node:module'
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild'

const BUILTIN = new RegExp(`^(node:.+|${builtinModules.join('|')})$`)

// An `import` of node:http runs every getter of that module and so loads undici; `require` does not: a quarter of a cold start.
const lazyBuiltins: Plugin = {
  name: 'lazy-builtins',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: BUILTIN }, ({ path }) => ({ path, namespace: 'builtin' }))
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = builtin(${JSON.stringify(path)})`,
    }))
  },
}

const options = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  minify: true,
  // What an `import()` loads, the Azure package and the SDK's rarer credentials, stays in files of its own.
  splitting: true,
  entryNames: 'index',
  outExtension: { '.js': '.mjs' },
  // Most packages ship their tree-shakable form under `module` only.
  mainFields: ['module', 'main'],
  conditions: ['module'],
  legalComments: 'none',
  metafile: true,
  logLevel: 'error',
  plugins: [lazyBuiltins],
  banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url),builtin=require;" },
} as const satisfies BuildOptions

/** `bytes` is what a start of the function loads; `lazyBytes` lie beside it until an `import()` asks for them. */
export type Bundle = { name: string; bytes: number; lazyBytes: number }

type Outputs = Metafile['outputs']
const loadedAtStart = (outputs: Outputs, file: string, seen = new Set<string>()): Set<string> => {
  if (seen.has(file)) return seen
  seen.add(file)
  const imports = outputs[file]?.imports ?? []
  for (const { path, kind } of imports) if (kind === 'import-statement') loadedAtStart(outputs, path, seen)
  return seen
}

const sizeOf = (outputs: Outputs, files: Iterable<string>) =>
  [...files].reduce((bytes, file) => bytes + (outputs[file]?.bytes ?? 0), 0)

/**
 * Bundles one entry file into `<folder>/<name>/index.mjs` and the chunks beside it. The same input gives the same bytes. Without
 * `splitting` all is one file.
 */
export const bundle = async (name: string, entry: string, folder: string, splitting = true): Promise<Bundle> => {
  const outdir = `${folder}/${name}`
  const { outputs } = (await build({ ...options, splitting, entryPoints: [entry], outdir })).metafile
  const index = Object.keys(outputs).find((file) => outputs[file]?.entryPoint === entry) ?? ''
  const bytes = sizeOf(outputs, loadedAtStart(outputs, index))
  return { name, bytes, lazyBytes: sizeOf(outputs, Object.keys(outputs)) - bytes }
}
