import { CfnOutput } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { Api } from './constructs/api.ts'
import { type FunctionsProps, functionsIn, isServing, type Made, resourcesOf } from './functions.ts'
import { RegionStack } from './region.ts'

/** The HTTP API of a region and the functions behind it. */
export class ApiStack extends RegionStack {
  readonly functions: Made[]

  constructor(scope: Construct, props: FunctionsProps) {
    super(scope, 'api', props)
    const resources = resourcesOf(this, props)
    const api = new Api(this, 'Api', { ...props.environment, key: resources.keys.messages })
    this.functions = functionsIn(this, props.codeOf, resources, isServing)
    for (const { name, spec, lambda } of this.functions)
      for (const trigger of spec.triggers) if (trigger.kind === 'api') api.serve(name, trigger.contract, lambda)
    new CfnOutput(this, 'ApiUrl', { value: api.url })
  }
}
