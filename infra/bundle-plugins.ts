import { builtinModules } from 'node:module'
import { relative } from 'node:path'
import type { Plugin } from 'esbuild'

const BUILTIN = new RegExp(`^(node:.+|${builtinModules.join('|')})$`)

// An `import` of node:http runs every getter of that module and so loads undici; `require` does not: a quarter of a cold start.
export const lazyBuiltins: Plugin = {
  name: 'lazy-builtins',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: BUILTIN }, ({ path }) => ({ path, namespace: 'builtin' }))
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = builtin(${JSON.stringify(path)})`,
    }))
  },
}

const nameOf = (file: string) =>
  relative('', file)
    .replace(/^.*node_modules\/@?/, '')
    .replace(/\W+/g, '-')

/**
 * Leaves what an `import()` loads to a build of its own, and notes it as name and file. In one build esbuild would share modules between
 * both, and a start would read what only the rarer half needs.
 */
export const importsApart = (apart: Record<string, string>): Plugin => ({
  name: 'imports-apart',
  setup: ({ onResolve, resolve }) =>
    onResolve({ filter: /.*/ }, async ({ kind, path, importer, resolveDir }) => {
      if (kind !== 'dynamic-import' || BUILTIN.test(path)) return undefined
      const found = await resolve(path, { kind: 'import-statement', importer, resolveDir })
      if (found.errors.length > 0) return found
      apart[nameOf(found.path)] = found.path
      return { path: `./${nameOf(found.path)}.mjs`, external: true }
    }),
})
