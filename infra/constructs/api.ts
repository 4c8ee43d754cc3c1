import { RemovalPolicy } from 'aws-cdk-lib'
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway'
import { HttpApi, HttpMethod, HttpNoneAuthorizer, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import type { Contract, Route } from '../../lib/core/contract.ts'

// Of one region, over all callers.
const THROTTLE = { rateLimit: 500, burstLimit: 1000 }

// Neither addresses nor subjects: the access log holds no person.
const LOGGED = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  route: '$context.routeKey',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  bytes: '$context.responseLength',
  refusal: '$context.authorizer.error',
}

const accessLog = (scope: Construct) => ({
  destination: new LogGroupLogDestination(
    new LogGroup(scope, 'AccessLog', { retention: RetentionDays.SIX_MONTHS, removalPolicy: RemovalPolicy.DESTROY }),
  ),
  format: AccessLogFormat.custom(JSON.stringify(LOGGED)),
})

/** The HTTP API of a cell: each route of a contract, guarded by a token with the route's scope. */
export class Api extends Construct {
  readonly #api = new HttpApi(this, 'Http', { createDefaultStage: false })
  readonly #authorizer: HttpJwtAuthorizer
  readonly url: string

  constructor(scope: Construct, id: string, { issuer, audience }: { issuer: string; audience: string[] }) {
    super(scope, id)
    this.#authorizer = new HttpJwtAuthorizer('Token', issuer, { jwtAudience: audience })
    const stage = { stageName: '$default', autoDeploy: true, throttle: THROTTLE, accessLogSettings: accessLog(this) }
    this.url = new HttpStage(this, 'Stage', { httpApi: this.#api, ...stage }).url
  }

  serve(name: string, contract: Contract, handler: Lambda) {
    const integration = new HttpLambdaIntegration(name, handler, { scopePermissionToRoute: false })
    for (const { method, path, scope } of Object.values<Route>(contract))
      this.#api.addRoutes({
        path: `/v1${path}`,
        methods: [HttpMethod[method]],
        integration,
        ...(scope ? { authorizer: this.#authorizer, authorizationScopes: [scope] } : { authorizer: new HttpNoneAuthorizer() }),
      })
  }
}
