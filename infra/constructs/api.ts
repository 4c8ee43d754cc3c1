import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway'
import {
  HttpApi,
  HttpIntegrationType,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpRoute,
  HttpRouteIntegration,
  HttpRouteKey,
  HttpStage,
  IntegrationCredentials,
  LogGroupLogDestination,
  PayloadFormatVersion,
} from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers'
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import type { Contract, Route } from '../../lib/core/contract.ts'
import type { service } from '../service.ts'
import { serviceLog } from './logs.ts'

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

const accessLog = (scope: Construct, key: IKey) => ({
  destination: new LogGroupLogDestination(serviceLog(scope, 'AccessLog', key)),
  format: AccessLogFormat.custom(JSON.stringify(LOGGED)),
})

/** A function that the gateway calls in a role of its own, instead of by a permission of each function for each API. */
class Called extends HttpRouteIntegration {
  readonly #handler: Lambda
  readonly #caller: Role

  constructor(name: string, handler: Lambda, caller: Role) {
    super(name)
    this.#handler = handler
    this.#caller = caller
  }

  override bind() {
    return {
      type: HttpIntegrationType.AWS_PROXY,
      uri: this.#handler.functionArn,
      payloadFormatVersion: PayloadFormatVersion.VERSION_2_0,
      credentials: IntegrationCredentials.fromRole(this.#caller),
    }
  }
}

/** The function that refuses what there is no route for: the gateway's own 404 would be no problem as RFC 9457 has them. */
const UNROUTED = 'api/system' satisfies keyof typeof service.functions

/**
 * The HTTP API of a cell: each route of a contract, guarded by a token where the route has a scope. That the token has this scope
 * the functions check, not the gateway: its 403 would tell neither the scope that is missing nor be a problem of RFC 9457.
 */
export class Api extends Construct {
  readonly #api = new HttpApi(this, 'Http', { createDefaultStage: false })
  readonly #authorizer: HttpJwtAuthorizer
  readonly #calls = new PolicyDocument()
  readonly #caller = new Role(this, 'Caller', {
    assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
    inlinePolicies: { calls: this.#calls },
  })
  readonly url: string

  constructor(scope: Construct, id: string, { issuer, audience, key }: { issuer: string; audience: string[]; key: IKey }) {
    super(scope, id)
    this.#authorizer = new HttpJwtAuthorizer('Token', issuer, { jwtAudience: audience })
    const stage = { stageName: '$default', autoDeploy: true, throttle: THROTTLE, accessLogSettings: accessLog(this, key) }
    this.url = new HttpStage(this, 'Stage', { httpApi: this.#api, ...stage }).url
  }

  serve(name: string, contract: Contract, handler: Lambda) {
    const integration = new Called(name, handler, this.#caller)
    this.#calls.addStatements(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [handler.functionArn] }))
    for (const { method, path, scope } of Object.values<Route>(contract)) {
      const authorizer = scope ? this.#authorizer : new HttpNoneAuthorizer()
      this.#api.addRoutes({ path: `/v1${path}`, methods: [HttpMethod[method]], integration, authorizer })
    }
    if (name === UNROUTED) this.#serveUnrouted(handler)
  }

  #serveUnrouted(handler: Lambda) {
    const integration = new Called('Unrouted', handler, this.#caller)
    const authorizer = new HttpNoneAuthorizer()
    new HttpRoute(this, 'Unrouted', { httpApi: this.#api, routeKey: HttpRouteKey.DEFAULT, integration, authorizer })
  }
}
