import type * as z from './schema.ts'

/** One route as data: the gateway, the binding, the checks and OpenAPI are made from it. */
export type Route = {
  method: 'GET' | 'POST'
  /** Below /v1, parameters in braces: `/offers/{offerId}`. */
  path: string
  /** `<slice>.<read|write>`; absent: the handler checks the caller itself (marketplace webhooks, health). */
  scope?: string
  status: number
  summary: string
  query?: z.ZodMiniType
  body?: z.ZodMiniType
  result?: z.ZodMiniType
  /** Of an answer that is no JSON: its handler gives text. */
  mediaType?: string
}

/** An answer that is no JSON, with the headers that it needs besides its type. */
export type TextAnswer = { text: string; headers: Record<string, string> }

export type Contract = Record<string, Route>
