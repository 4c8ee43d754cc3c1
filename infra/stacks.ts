import type { App } from 'aws-cdk-lib'
import { ApiStack } from './api-stack.ts'
import { DataStack } from './data-stack.ts'
import { HubStack } from './hub-stack.ts'
import { OperationStack } from './operation-stack.ts'
import { ProcessingStack } from './processing-stack.ts'
import type { CodeProps } from './region.ts'

export type Cell = { data: DataStack; api: ApiStack; processing: ProcessingStack; operation: OperationStack }

/**
 * One region of Cosell, which needs no other, as four stacks: what holds something, and what only works on it or looks at it and
 * may be made anew at any time. Each names the stacks that must be there before it.
 */
const cellOf = (app: App, props: CodeProps): Cell => {
  const data = new DataStack(app, props)
  const api = new ApiStack(app, { ...props, data })
  const processing = new ProcessingStack(app, { ...props, data })
  const operation = new OperationStack(app, {
    ...props,
    functions: [...api.functions, ...processing.functions],
    keyArn: data.keyArns.messages,
  })
  for (const working of [api, processing]) {
    working.addStackDependency(data)
    operation.addStackDependency(working)
  }
  return { data, api, processing, operation }
}

/** All stacks of an environment. */
export const stacksOf = (app: App, { environment, codeOf }: Omit<CodeProps, 'region'>): { cells: Cell[]; hub: HubStack } => {
  const cells = environment.regions.map((region) => cellOf(app, { environment, region, codeOf }))
  const hub = new HubStack(app, { environment })
  for (const { data } of cells) hub.addStackDependency(data)
  return { cells, hub }
}
