import { functions, service } from './service.ts'

/** Where lies what a queue's or stream's function gave up. */
export const failedOf = (name: string) => `${name}-failed`
/** What the bus could not bring to a queue or topic, and the runs that did not start: each says its rule in an attribute. */
export const UNDELIVERED = 'undelivered'
export const UNSTARTED = 'unstarted'

const streamReaders = Object.entries(functions)
  .filter(([, { triggers }]) => triggers.some(({ kind }) => kind === 'stream'))
  .map(([name]) => name)

/** The queues that hold what nobody could handle: those of the queues, and those of the processing around them. */
export const failedMessages = Object.keys(service.queues).map(failedOf)
export const failedWork = [...streamReaders.map(failedOf), UNDELIVERED, UNSTARTED]
