import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Faults } from './faults.ts'

/** One HTTP request as a stand-in sees it. `headers` have lower-case names; `body` is the raw text. */
export type Exchange = {
  method: string
  path: string
  query: URLSearchParams
  headers: Record<string, string | undefined>
  body: string
}

/** An answer; an object body is sent as JSON. `reset` closes the connection without any answer. */
export type Answer = { status: number; headers?: Record<string, string>; body?: unknown } | 'reset'

/** Documents that survive a restart and a kill: the state of the stand-ins. */
export type Shelf = {
  get: <T>(collection: string, id: string) => Promise<T | undefined>
  put: (collection: string, id: string, document: unknown) => Promise<void>
  remove: (collection: string, id: string) => Promise<void>
  list: <T>(collection: string) => Promise<T[]>
}

/** A message that a marketplace sends by itself, over a channel that may delay, drop, double and reorder it. */
export type Message =
  | { channel: 'aws.events'; body: Record<string, unknown> }
  | { channel: 'azure.webhook'; headers: Record<string, string>; body: Record<string, unknown> }

/** What a stand-in may know and do. Time is the adjustable clock of the twin. */
export type World = {
  now: () => Date
  newId: (length: number) => string
  shelf: Shelf
  faults: Faults
  send: (message: Message) => Promise<void>
}

/** A marketplace that the real clients talk to: answers requests, and does what is due when the clock moved. */
export type StandIn = {
  /** undefined: not a request of this stand-in. */
  answer: (exchange: Exchange) => Promise<Answer | undefined>
  /** Answers what is too large for an exchange as it streams; false: not a request of this stand-in. */
  raw?: (request: IncomingMessage, response: ServerResponse) => Promise<boolean>
  tick: () => Promise<void>
}
