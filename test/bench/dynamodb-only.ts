import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'

/** What nearly every function starts with, and nothing else: the measure that cold starts are compared with. */
export const handler = DynamoDBDocumentClient.from(new DynamoDBClient({}))
