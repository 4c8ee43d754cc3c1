import { existsSync } from 'node:fs'
import { App } from 'aws-cdk-lib'
import { Code } from 'aws-cdk-lib/aws-lambda'
import { CellStack } from './cell-stack.ts'
import { environmentOf } from './environment.ts'
import { HubStack } from './hub-stack.ts'

const codeOf = (name: string): Code => {
  const folder = `dist/${name}`
  if (!existsSync(`${folder}/index.mjs`)) throw new Error(`${folder}/index.mjs is missing: run npm run build first`)
  return Code.fromAsset(folder)
}

const app = new App()
const environment = environmentOf(app.node.tryGetContext('environments'), app.node.tryGetContext('env'))
const cells = environment.regions.map((region) => new CellStack(app, { environment, region, codeOf }))
const hub = new HubStack(app, { environment })
for (const cell of cells) hub.addStackDependency(cell)
