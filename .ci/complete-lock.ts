// npm leaves optional platform packages that its registry lacks out of the lock, and `npm ci` then calls the lock incomplete.
// This adds those entries (without integrity: they are never installed where they are missing). Run it after each change of dependencies.
import { readFileSync, writeFileSync } from 'node:fs'

type Entry = {
  version?: string
  dev?: boolean
  optional?: boolean
  os?: string[]
  cpu?: string[]
  libc?: string[]
  optionalDependencies?: Record<string, string>
}
type Lock = { packages: Record<string, Entry> }

const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32']
const PROCESSORS = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64']

/** The folders, nearest first, where Node would look for a package that `from` asks for. */
const places = (from: string, name: string) => {
  const parents = from.split('/node_modules/').map((_, i, parts) => parts.slice(0, parts.length - i).join('/node_modules/'))
  return [...parents, ''].map((parent) => `${parent}/node_modules/${name}`.replace(/^\//, ''))
}

const platformOf = (name: string): Pick<Entry, 'os' | 'cpu' | 'libc'> | undefined => {
  const words = name
    .replace(/^@[^/]+\//, '')
    .replace('windows', 'win32')
    .split(/[-_/]/)
  if (words.some((word) => word.startsWith('wasm'))) return { cpu: ['wasm32'] }
  const os = SYSTEMS.find((system) => words.includes(system))
  if (!os) return undefined
  const cpu = PROCESSORS.find((processor) =>
    words.some((word) => word === processor || (processor === 'arm' && /^armv?\d/.test(word))),
  )
  const libc = words.some((word) => word.startsWith('musl'))
    ? 'musl'
    : words.some((word) => word.startsWith('gnu'))
      ? 'glibc'
      : undefined
  return { os: [os], ...(cpu && { cpu: [cpu] }), ...(os === 'linux' && libc && { libc: [libc] }) }
}

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lock
const missing: [string, Entry][] = []
for (const [where, entry] of Object.entries(lock.packages)) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    if (places(where, name).some((place) => lock.packages[place])) continue
    const platform = platformOf(name)
    if (!platform) throw new Error(`${name} (wanted by ${where || 'package.json'}) is not in the lock and names no platform`)
    missing.push([
      `node_modules/${name}`,
      { version: range.replace(/^[\^~]/, ''), ...(entry.dev && { dev: true }), optional: true, ...platform },
    ])
  }
}
const packages = Object.entries({ ...lock.packages, ...Object.fromEntries(missing) }).sort(([a], [b]) => (a < b ? -1 : 1))
writeFileSync('package-lock.json', `${JSON.stringify({ ...lock, packages: Object.fromEntries(packages) }, null, 2)}\n`)
console.log(`${missing.length} entries added to package-lock.json`)
