import { globSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { functions } from '../infra/service.ts'

type Import = { from: string; to: string; typeOnly: boolean }

const IMPORT = /^(?:import|export)\s+(type\s)?[^'"`;]*?from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\(\s*['"`]([^'"`]+)['"`]/gm

/** The imports of one file, relative ones as paths from the root of the repository. */
const importsOf = (from: string, source: string): Import[] =>
  [...source.matchAll(IMPORT)].map(([, type, named, bare, lazy]) => {
    const target = named ?? bare ?? lazy ?? ''
    return { from, to: target.startsWith('.') ? join(dirname(from), target) : target, typeOnly: type !== undefined }
  })

const sliceOf = (path: string) => /^lib\/(?!core\/|runtime\/)([^/]+)\//.exec(path)?.[1]
// `store.ts`, or several, each with what it keeps: `row-store.ts`.
const isStore = (path: string) => /^lib\/[^/]+\/(\w+-)*store\.ts$/.test(path)
const isCommands = (path: string) => /^lib\/[^/]+\/commands\.ts$/.test(path)
const isProvider = (path: string) => /^lib\/[^/]+\/(aws|azure)[^/]*(\/|\.ts$)/.test(path)
const isNoun = (path: string) => sliceOf(path) !== undefined && !isStore(path) && !isCommands(path) && !isProvider(path)
const isOwn = ({ from, to }: Import) => sliceOf(to) === sliceOf(from)
const isPackage = ({ to }: Import) => !/^(infra|functions|lib|events|test)\//.test(to)

type May = (it: Import) => boolean
const to =
  (...patterns: RegExp[]): May =>
  (it) =>
    patterns.some((pattern) => pattern.test(it.to))

const VALUES = [/^zod(\/|$)/, /^lib\/core\//]
const EVENTS = /^events\//
const RUNTIME = /^lib\/runtime\//
const DESCRIPTIONS = [/^lib\/[^/]+\/(contracts?|policy|tables)\.ts$/, /^lib\/metrics\//, EVENTS, ...VALUES]

// A slice's inside is handed its store and knows its type; it makes none.
const inside: May = (it) => to(...VALUES, EVENTS)(it) || isNoun(it.to) || (isOwn(it) && (isCommands(it.to) || it.typeOnly))
const provided: May = (it) => isProvider(it.from) && isProvider(it.to)
const outside: May = (it) =>
  to(...VALUES, EVENTS, RUNTIME)(it) || isPackage(it) || isNoun(it.to) || (isOwn(it) && !isCommands(it.to)) || provided(it)
const wiring: May = (it) => to(/^infra\//, ...DESCRIPTIONS)(it) || isPackage(it)
// Reading a settlement file, looking for what is wrong with events, making a report and making a lake of a file of events need no service: the command line does it alone.
const ALONE = /^lib\/(settlements\/check|quality\/(events|finding)|report\/(report|page)|lake\/(lake|event-row))\.ts$/
const twin: May = (it) => wiring(it) || ALONE.test(it.to) || to(RUNTIME, /^functions\//)(it) || (isNoun(it.to) && it.typeOnly)

/** Who may import whom: the first zone that a file lies in decides. */
const ZONES: [name: string, holds: (path: string) => boolean, may: May][] = [
  ['lib/core', (path) => path.startsWith('lib/core/'), to(...VALUES)],
  ['events', (path) => path.startsWith('events/'), to(...VALUES, EVENTS)],
  ['lib/runtime', (path) => path.startsWith('lib/runtime/'), (it) => to(...VALUES, EVENTS, RUNTIME)(it) || isPackage(it)],
  ['a store or provider', (path) => isStore(path) || isProvider(path), outside],
  ["a slice's inside", (path) => isNoun(path) || isCommands(path), inside],
  ['functions', (path) => path.startsWith('functions/'), to(/^lib\//, EVENTS, /^functions\/bind\//, /^aws-lambda$/)],
  ['the twin and the commands', (path) => /^infra\/(local|cli)\//.test(path), twin],
  ['infra', (path) => path.startsWith('infra/'), wiring],
]

// What functions load takes its schemas from there: a second dialect of them would come on top at every start.
const SCHEMA = 'lib/core/schema.ts'
const isPastSchema = ({ from, to }: Import) => /^zod(\/|$)/.test(to) && /^(lib|events|functions)\//.test(from) && from !== SCHEMA

const isForbidden = (it: Import) => {
  const [, , may] = ZONES.find(([, holds]) => holds(it.from)) ?? []
  return !may?.(it) || isPastSchema(it) || (/^@middy\//.test(it.to) && !RUNTIME.test(it.from))
}

const forbidden = (files: Record<string, string>): string[] =>
  Object.entries(files)
    .flatMap(([path, source]) => importsOf(path, source))
    .filter(isForbidden)
    .map((it) => `${it.from} imports ${it.to}`)

const TOP = [
  'infra',
  'functions',
  'lib',
  'events',
  'test',
  'cdk.json',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'README.md',
  'LICENSE',
]
const ignored = readFileSync('.gitignore', 'utf8')
  .split('\n')
  .map((line) => line.replace(/\/$/, ''))
const read = (pattern: string) =>
  Object.fromEntries(
    globSync(pattern)
      .sort()
      .map((path) => [path, readFileSync(path, 'utf8')]),
  )
const handlers = read('functions/{api,consumers,jobs}/**/*.ts')

describe('the house', () => {
  it('has files that import only what their zone may', () => {
    const files = read('{infra,functions,lib,events}/**/*.ts')
    expect(Object.keys(files).length).toBeGreaterThan(100)
    expect(forbidden(files)).toEqual([])
  })

  it('takes schemas as `* as z`, so that a bundle holds only what is used of them', () => {
    const taken = Object.entries(read('{infra,functions,lib,events}/**/*.ts'))
      .flatMap(([, source]) => source.match(/^import .*\/schema\.ts'$/gm) ?? [])
      .map((line) => line.replace(/ from .*/, ''))
    expect([...new Set(taken)].sort()).toEqual(['import * as z', 'import type * as z'])
  })

  it('has handlers of at most thirty lines below their imports', () => {
    const linesOf = (source: string) =>
      source
        .replace(/^import[^']*'[^']*'\n/gm, '')
        .trim()
        .split('\n').length
    const long = Object.entries(handlers).filter(([, source]) => linesOf(source) > 30)
    expect(long.map(([path]) => path)).toEqual([])
  })

  it('deploys every handler, and has a handler for every function of the service', () => {
    expect(Object.keys(handlers).map((path) => path.slice('functions/'.length, -'.ts'.length))).toEqual(
      Object.keys(functions).sort(),
    )
  })

  it('keeps its top level as it is', () => {
    const found = readdirSync('.').filter((name) => !name.startsWith('.') && !ignored.includes(name))
    expect(found.filter((name) => !TOP.includes(name))).toEqual([])
  })
})

describe('the check of imports', () => {
  it.each([
    ['lib/core/money.ts', "import { readFileSync } from 'node:fs'"],
    ['lib/core/money.ts', "import type { Offer } from '../offers/offer.ts'"],
    ['events/offer.ts', "import type { Offer } from '../lib/offers/offer.ts'"],
    ['events/offer.ts', "import * as z from 'zod'"],
    ['lib/core/money.ts', "import * as z from 'zod/mini'"],
    ['lib/runtime/http.ts', "import type * as z from 'zod'"],
    ['functions/api/offers.ts', "import * as z from 'zod'"],
    ['lib/offers/offer.ts', "import { clock } from '../runtime/clock.ts'"],
    ['lib/offers/offer.ts', "import {\n  DynamoDBClient,\n} from '@aws-sdk/client-dynamodb'"],
    ['lib/offers/offer.ts', "export { offerStore } from './store.ts'"],
    ['lib/offers/commands.ts', "import type { AccountStore } from '../accounts/store.ts'"],
    ['lib/offers/commands.ts', "import { joinPartner } from '../accounts/commands.ts'"],
    ['lib/offers/commands.ts', "const load = () => import('./aws/marketplace.ts')"],
    ['lib/offers/store.ts', "import { accountStore } from '../accounts/store.ts'"],
    ['lib/offers/aws/plan.ts', "import middy from '@middy/core'"],
    ['lib/runtime/http.ts', "import { Offer } from '../offers/offer.ts'"],
    ['functions/api/offers.ts', "import { service } from '../../infra/service.ts'"],
    ['functions/api/offers.ts', "import { DynamoDBClient } from '@aws-sdk/client-dynamodb'"],
    ['functions/jobs/export-metrics.ts', "import '../api/offers.ts'"],
    ['infra/service.ts', "import { Offer } from '../lib/offers/offer.ts'"],
    ['infra/data-stack.ts', "import { clock } from '../lib/runtime/clock.ts'"],
    ['infra/local/gateway.ts', "import httpRouter from '@middy/http-router'"],
    ['infra/local/main.ts', "import { offerStore } from '../../lib/offers/store.ts'"],
  ])('finds that %s may not: %s', (path, source) => {
    expect(forbidden({ [path]: source })).toHaveLength(1)
  })

  it.each([
    ['lib/core/money.ts', "import * as z from './schema.ts'\nimport { invalid } from './errors.ts'"],
    ['lib/core/schema.ts', "import english from 'zod/v4/locales/en.js'\nexport * from 'zod/mini'"],
    ['infra/environment.ts', "import * as z from 'zod'"],
    ['lib/offers/commands.ts', "import type { OfferStore } from './store.ts'\nimport { decide } from '../deals/deal.ts'"],
    ['lib/offers/store.ts', "import { openTable } from '../runtime/table.ts'"],
    ['lib/offers/aws/marketplace.ts', "import { search } from '../../agreements/aws/search.ts'"],
    ['functions/api/offers.ts', "import { openAws } from '../bind/aws.ts'"],
    ['infra/service.ts', "import { contract as offers } from '../lib/offers/contract.ts'"],
    ['infra/environment.ts', "import { ApprovalPolicy } from '../lib/approvals/policy.ts'"],
    ['infra/local/main.ts', "import { clock } from '../../lib/runtime/clock.ts'"],
  ])('lets %s: %s', (path, source) => {
    expect(forbidden({ [path]: source })).toEqual([])
  })
})
