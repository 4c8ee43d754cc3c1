import { RemovalPolicy } from 'aws-cdk-lib'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'

/** A log for half a year. */
export const serviceLog = (scope: Construct, id: string, encryptionKey: IKey) =>
  new LogGroup(scope, id, { encryptionKey, retention: RetentionDays.SIX_MONTHS, removalPolicy: RemovalPolicy.DESTROY })
