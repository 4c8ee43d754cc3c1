import type { ExportedFile } from '../../events/export.ts'
import type { DomainEvent } from '../../events/index.ts'
import { mustBe } from '../core/access.ts'
import type { Actor, Context } from '../core/context.ts'
import { isCode, notFound, type ServiceError } from '../core/errors.ts'
import type { Page, PageQuery } from '../core/page.ts'
import type { MetricsDocument, MissingRates } from '../metrics/document.ts'
import { withoutMissingRates } from '../metrics/read.ts'
import {
  complete,
  type Decided,
  type Export,
  type FileLink,
  fail,
  type NewExport,
  requestExport,
  scheduledExports,
} from './export.ts'
import { mustHaveCaughtUp, readFeed } from './feed.ts'
import { type Encode, type File, type FileFormat, filesOf, formatsOf, type Sources } from './files.ts'
import { manifestFile, manifestOf } from './manifest.ts'
import type { ExportStore } from './store.ts'
import { exportTables, listKey } from './tables.ts'

const MANIFEST = 'manifest.json'

export type Dependencies = {
  store: ExportStore
  metrics: (period: string) => Promise<MetricsDocument | MissingRates>
  events: () => AsyncIterable<DomainEvent>
  partners: { list: (query: PageQuery) => Promise<Page<{ id: string; type: string }>> }
  put: (key: string, body: Uint8Array, contentType: string) => Promise<void>
  /** By which address others read a key. */
  addressOf: (key: string) => string
  parquet: Encode
  sha256: (bytes: Uint8Array) => string
}
type Stored = Pick<Dependencies, 'store'>

export const askForExport =
  ({ store }: Stored) =>
  async (actor: Actor, input: NewExport, context: Context): Promise<Export> => {
    mustBe(actor, 'finance', 'platform')
    return store.save(requestExport(input, actor.subject, context), context)
  }

export const getExport =
  ({ store }: Stored) =>
  async (actor: Actor, exportId: string): Promise<Export> => {
    mustBe(actor, 'finance', 'platform')
    return store.get(exportId)
  }

export const listExports =
  ({ store }: Stored) =>
  async (actor: Actor, page: PageQuery): Promise<Page<Export>> => {
    mustBe(actor, 'finance', 'platform')
    return store.list(page)
  }

/** Asks for the exports that are due today. Those that were asked for already stay as they are. */
export const askForScheduled =
  ({ store }: Stored) =>
  async (context: Context): Promise<void> => {
    for (const decided of scheduledExports(context)) {
      await store.save(decided, context).catch((error: unknown) => {
        if (!isCode(error, 'conflict')) throw error
      })
    }
  }

const partnerTypes = async ({ partners }: Dependencies): Promise<Map<string, string>> => {
  const types = new Map<string, string>()
  let cursor: string | undefined
  do {
    const page = await partners.list({ limit: 100, cursor })
    for (const { id, type } of page.items) types.set(id, type)
    cursor = page.cursor
  } while (cursor)
  return types
}

/** The feed before the metrics, which follow it. */
const sourcesOf = async (dependencies: Dependencies, period: string): Promise<Sources> => {
  const feed = await readFeed(dependencies.events(), period)
  const document = withoutMissingRates(await dependencies.metrics(period))
  mustHaveCaughtUp(document, feed)
  return { period, document, feed, partnerTypes: await partnerTypes(dependencies) }
}

const told = ({ name, rows, body, sha256 }: File & { sha256: string }): ExportedFile => ({
  name,
  rows,
  bytes: body.length,
  sha256,
})

/** Lets query engines read the tables of a month here. Each list is one line, which is put at once. */
const listTables = async ({ put, addressOf }: Dependencies, { period, folder }: Export) => {
  for (const [name, table] of Object.entries(exportTables)) {
    const line = new TextEncoder().encode(`${addressOf(`${folder}${name}.parquet`)}\n`)
    await put(listKey(table, period), line, 'text/plain; charset=utf-8')
  }
}

const putFiles = async ({ put, sha256 }: Dependencies, { folder }: Export, files: File[]) => {
  const summed = files.map((file) => ({ ...file, sha256: sha256(file.body) }))
  for (const { name, body, contentType } of files) await put(`${folder}${name}`, body, contentType)
  return summed
}

/** Writes the files, then the manifest, then what leads to them, after all that can be wrong with the data is known. */
const writeFiles = async (dependencies: Dependencies, exported: Export): Promise<ExportedFile[]> => {
  const { period, format, folder, requestedAt } = exported
  const formats: FileFormat[] = formatsOf(format)
  const sources = await sourcesOf(dependencies, period)
  const files = await putFiles(dependencies, exported, await filesOf(sources, formats, dependencies.parquet))
  const manifest = manifestFile(manifestOf(sources, formats, files, requestedAt))
  await dependencies.put(`${folder}${MANIFEST}`, manifest, 'application/json')
  if (formats.includes('parquet')) await listTables(dependencies, exported)
  return files.map(told)
}

const reasonOf = ({ message, details }: ServiceError) =>
  [message, ...details.map((detail) => `${detail.target}: ${detail.message}`)].join('; ')

const decide = async (dependencies: Dependencies, exported: Export, context: Context): Promise<Decided> => {
  try {
    return complete(exported, await writeFiles(dependencies, exported), context)
  } catch (error) {
    if (isCode(error, 'unprocessable')) return fail(exported, reasonOf(error), context)
    throw error
  }
}

/** Makes an export that was asked for. A repeat finds it made; after a crash it writes every file again. */
export const runExport =
  (dependencies: Dependencies) =>
  async (exportId: string, context: Context): Promise<void> => {
    const exported = await dependencies.store.get(exportId)
    if (exported.status === 'requested') await dependencies.store.save(await decide(dependencies, exported, context), context)
  }

const LINK_SECONDS = 900

type Links = Stored & { link: (key: string, seconds: number) => Promise<string> }

/** Where a file of a finished export can be downloaded, for a quarter of an hour. */
export const linkToFile =
  ({ store, link }: Links) =>
  async (actor: Actor, exportId: string, name: string, { now }: Context): Promise<FileLink> => {
    const { status, folder, files = [] } = await getExport({ store })(actor, exportId)
    const isThere = name === MANIFEST || files.some((file) => file.name === name)
    if (status !== 'done' || !isThere) throw notFound('finished file', name)
    const expiresAt = new Date(Date.parse(now) + LINK_SECONDS * 1000).toISOString()
    return { name, url: await link(`${folder}${name}`, LINK_SECONDS), expiresAt }
  }
