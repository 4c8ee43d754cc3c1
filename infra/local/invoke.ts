import { randomUUID } from 'node:crypto'
import type { Context as LambdaContext } from 'aws-lambda'
import { functions } from '../service.ts'

type Handler = (event: unknown, context: LambdaContext) => Promise<unknown>

const contextOf = (name: string, timeoutSeconds: number): LambdaContext => {
  const until = Date.now() + timeoutSeconds * 1000
  return {
    callbackWaitsForEmptyEventLoop: false,
    functionName: name,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:local:000000000000:function:${name}`,
    memoryLimitInMB: '512',
    awsRequestId: randomUUID(),
    logGroupName: name,
    logStreamName: 'twin',
    getRemainingTimeInMillis: () => Math.max(0, until - Date.now()),
    done: () => {},
    fail: () => {},
    succeed: () => {},
  }
}

export type Invoke = (name: string, event: unknown) => Promise<unknown>

/** Loads every function of the service, the very files that are deployed. Their environment must be set before. */
export const loadFunctions = async (): Promise<Invoke> => {
  const loaded = new Map<string, Handler>()
  for (const name of Object.keys(functions)) {
    const module = (await import(`../../functions/${name}.ts`)) as { handler: Handler }
    loaded.set(name, module.handler)
  }
  return async (name, event) => {
    const handler = loaded.get(name)
    if (!handler) throw new Error(`the service has no function ${name}`)
    return handler(event, contextOf(name, functions[name]?.timeoutSeconds ?? 30))
  }
}
