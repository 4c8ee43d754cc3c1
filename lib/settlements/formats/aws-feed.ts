import type { CsvRecord } from '../csv.ts'
import type { Flaw, Format, Link, Row } from '../entry.ts'
import { columnOf, isIdentifier, noId, notAn, sortable } from '../field.ts'

// What AWS's Seller Data Feeds have in common: a row is never changed, the same key with a later update_date takes its place, and one
// with a delete_date takes it away. Names of columns: AWS Marketplace Seller Guide, "Data feeds", and AWS's sample queries over them.

type Field = CsvRecord['field']
type Stated = { field: (name: string) => string; statedAt: string; isGone: boolean }

/** Nothing is an empty field; AWS's examples also show the word. */
export const isDeleted = (deletedAt: string) => deletedAt !== '' && deletedAt !== 'null'

const NOTHING = { amount: 0, currency: 'USD' }

/** When a row was stated, as text that sorts: of two revisions updated at once the one that is valid later holds. */
const statementOf = (field: Stated['field']): string | undefined => {
  const updated = sortable(field('update_date'))
  return updated && `${updated}#${sortable(field('valid_from')) ?? ''}`
}

type Feed = Pick<Format, 'kind' | 'ignored'> & {
  /** What names a row, and what else tells this feed from the others. */
  keys: readonly string[]
  required?: readonly string[]
  /** The provider's word for a row. */
  typeOf: (field: Stated['field']) => string
  optional?: readonly string[]
  isUndated?: boolean
  linksOf?: (stated: Stated) => Link[]
}

const readRow = ({ keys, typeOf, isUndated, linksOf }: Feed, field: Stated['field']): Row | Flaw => {
  const wrong = keys.find((name) => !isIdentifier(field(name)))
  if (wrong) return noId(wrong, field(wrong))
  const statedAt = isUndated ? '' : statementOf(field)
  if (statedAt === undefined) return notAn('an instant like 2026-12-02T00:00:00Z', 'update_date', field('update_date'))
  const links = linksOf ? linksOf({ field, statedAt, isGone: isDeleted(field('delete_date')) }) : []
  return { type: typeOf(field), amount: NOTHING, rounded: false, treatment: 'noted', entries: [], links }
}

const HISTORY = ['valid_from', 'delete_date']

/** A feed whose rows move no money: they are noted, with what they tell about the rows of other feeds. */
export const awsFeed = (feed: Feed): Format => {
  const { kind, keys, required = [], optional = [], ignored, isUndated } = feed
  const dated = isUndated ? [] : ['update_date']
  const used = [...keys, ...required, ...optional, ...HISTORY, 'update_date']
  return {
    kind,
    marketplace: 'aws',
    required: [...keys, ...required, ...dated],
    optional: [...optional, ...HISTORY, ...(isUndated ? ['update_date'] : [])],
    ignored: ['insert_date', 'catalog', ...ignored],
    reader: (columns) => {
      const places = new Map(used.map((name) => [name, columnOf(columns, name)]))
      return ({ field }: { field: Field }) => readRow(feed, (name) => field(places.get(name) ?? -1))
    },
  }
}
