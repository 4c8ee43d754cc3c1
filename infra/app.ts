import { existsSync } from 'node:fs'
import { App } from 'aws-cdk-lib'
import { Code } from 'aws-cdk-lib/aws-lambda'
import { environmentOf } from './environment.ts'
import { stacksOf } from './stacks.ts'

const codeOf = (name: string): Code => {
  const folder = `dist/${name}`
  if (!existsSync(`${folder}/index.mjs`)) throw new Error(`${folder}/index.mjs is missing: run npm run build first`)
  return Code.fromAsset(folder)
}

const app = new App()
const environment = environmentOf(app.node.tryGetContext('environments'), app.node.tryGetContext('env'))
stacksOf(app, { environment, codeOf })
