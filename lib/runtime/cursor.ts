import { createHash } from 'node:crypto'
import type { APIGatewayProxyEventV2WithJWTAuthorizer as ApiEvent } from 'aws-lambda'
import type { Actor } from '../core/context.ts'
import { invalid } from '../core/errors.ts'

const MARK_LENGTH = 12

/** Which list a request reads: whose, of what, by which filters. */
const listOf = ({ rawPath, queryStringParameters = {} }: ApiEvent, actor: Actor) => {
  const { cursor: _, limit: __, start: ___, ...filters } = queryStringParameters
  return JSON.stringify([actor.partnerId, rawPath, Object.entries(filters).sort()])
}

const markOf = (list: string, cursor: string) =>
  createHash('sha256').update(`${list}\n${cursor}`).digest('base64url').slice(0, MARK_LENGTH)

type Paged = { cursor?: string | undefined }

/** A cursor is good for the list that it comes from and for no other: its mark tells which that is. */
export const cursorsOf = (event: ApiEvent, actor: Actor) => {
  const list = listOf(event, actor)
  const unmark = (marked: string) => {
    const cursor = marked.slice(MARK_LENGTH)
    if (cursor && marked === `${markOf(list, cursor)}${cursor}`) return cursor
    throw invalid('the cursor is not one of this list', [
      { target: 'cursor', message: 'send the cursor of the page before, with the same filters, or none to start again' },
    ])
  }
  return {
    /** A query with the table's own cursor. */
    opened: <Query>(query: Query): Query => {
      const { cursor } = Object(query) as Paged
      return cursor ? { ...query, cursor: unmark(cursor) } : query
    },
    /** A page whose cursor is marked; any other answer as it is. */
    marked: <Answer>(answer: Answer): Answer => {
      const { cursor } = Object(answer) as Paged
      return cursor ? { ...answer, cursor: `${markOf(list, cursor)}${cursor}` } : answer
    },
  }
}
export type Cursors = ReturnType<typeof cursorsOf>
