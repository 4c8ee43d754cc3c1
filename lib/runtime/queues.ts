import { LETTER } from '../core/queue.ts'

/** SQS's client is loaded when there is something to send. */
const connect = async (urls: Record<string, string>) => {
  const { SendMessageCommand, SQSClient } = await import('@aws-sdk/client-sqs')
  const client = new SQSClient({})
  return (queue: string, body: string, letter: string) => {
    const MessageAttributes = { [LETTER]: { DataType: 'String', StringValue: letter } }
    return client.send(new SendMessageCommand({ QueueUrl: urls[queue], MessageBody: body, MessageAttributes }))
  }
}

/** The service's queues; `urls` is their addresses by name, as JSON. */
export const openQueues = (urls: string) => {
  let connection: ReturnType<typeof connect> | undefined
  return {
    /** Sends the message that a dead letter was to its queue again. */
    resend: async ({ queue, body, messageId }: { queue: string; body: string; messageId: string }): Promise<void> => {
      connection ??= connect(JSON.parse(urls) as Record<string, string>)
      await (await connection)(queue, body, messageId)
    },
  }
}
