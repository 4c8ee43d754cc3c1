import { writeFile } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import { type BuildOptions, build, type Metafile } from 'esbuild'
import { importsApart, lazyBuiltins } from './bundle-plugins.ts'

const options = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  minify: true,
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

/** Name to entry file, for each function. */
type Entries = Record<string, string>
const indexOf = (name: string) => `${name}/index`
const entryPoints = (entries: Entries) => Object.fromEntries(Object.entries(entries).map(([name, file]) => [indexOf(name), file]))

/** What each function loads at once and what it loads late, by the output of a build. */
const startOf = ({ outputs }: Metafile, folder: string, name: string) => {
  const { bytes, imports } = outputs[relative('', join(folder, `${indexOf(name)}.mjs`))] ?? { bytes: 0, imports: [] }
  return { bytes, late: imports.filter(({ kind }) => kind === 'dynamic-import').map(({ path }) => basename(path, '.mjs')) }
}

/** All in one file, as functions are commonly bundled: into `<folder>/<name>/index.mjs`. */
export const bundleWhole = async (name: string, entry: string, folder: string): Promise<Bundle> => {
  const { metafile } = await build({ ...options, entryPoints: entryPoints({ [name]: entry }), outdir: folder })
  return { name, bytes: startOf(metafile, folder, name).bytes, lazyBytes: 0 }
}

const buildLate = async (entryPoints: Entries) =>
  (await build({ ...options, splitting: true, entryPoints, outdir: '.', write: false })).outputFiles

/** Writes late parts beside functions; the same set of them serves many and is built once. */
const lateParts = (apart: Entries) => {
  const built = new Map<string, ReturnType<typeof buildLate>>()
  return async (names: string[], outdir: string): Promise<number> => {
    const key = [...names].sort().join()
    const files = built.get(key) ?? buildLate(Object.fromEntries(names.map((name) => [name, apart[name] ?? name])))
    built.set(key, files)
    await Promise.all((await files).map(({ path, contents }) => writeFile(join(outdir, basename(path)), contents)))
    return (await files).reduce((sum, { contents }) => sum + contents.length, 0)
  }
}

/** Bundles each entry into `<folder>/<name>/index.mjs` and what it loads late beside it. The same input gives the same bytes. */
export const bundle = async (entries: Entries, folder: string): Promise<Bundle[]> => {
  const apart: Entries = {}
  const plugins = [importsApart(apart), lazyBuiltins]
  const { metafile } = await build({ ...options, plugins, entryPoints: entryPoints(entries), outdir: folder })
  const writeLate = lateParts(apart)
  const bundleOf = async (name: string): Promise<Bundle> => {
    const { bytes, late } = startOf(metafile, folder, name)
    return { name, bytes, lazyBytes: late.length > 0 ? await writeLate(late, join(folder, name)) : 0 }
  }
  return await Promise.all(Object.keys(entries).map(bundleOf))
}
