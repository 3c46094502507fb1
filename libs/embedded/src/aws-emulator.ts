import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { FastifyInstance, FastifyListenOptions, FastifyRequest } from 'fastify';
import { AwsKey, demandS3Signatures } from './s3-signatures';

/**
 * The longest poll. A dead client's poll ends by then, and each message it takes costs a second and a receive: so fewer
 * than the five that lead to the dead-letter queue.
 */
const LONGEST_WAIT_SECONDS = 4;

interface Receive {
  QueueUrl?: string;
  WaitTimeSeconds?: number;
}

interface Received {
  Messages?: { ReceiptHandle: string }[];
}

/**
 * Mends three habits of the emulator while it starts. It insists on 0.0.0.0 though it checks no keys, so anybody on the
 * network could read the queues; it believes any signature of an S3 request; and a long poll whose client died still
 * takes messages, which then stay hidden for their whole visibility. Fastify announces every instance it makes, which is
 * where we step in: the emulator makes its own before it first awaits, so no other application is caught.
 */
export function withTamedEmulator<T>(keys: readonly AwsKey[], start: () => Promise<T>): Promise<T> {
  const tame = (message: unknown): void => {
    const { fastify } = message as { fastify: FastifyInstance };
    listenOnLoopback(fastify);
    demandS3Signatures(fastify, keys);
    giveBackWhatNobodyGot(fastify);
  };
  subscribe('fastify.initialization', tame);
  try {
    return start();
  } finally {
    unsubscribe('fastify.initialization', tame);
  }
}

function listenOnLoopback(fastify: FastifyInstance): void {
  const listen: (options: FastifyListenOptions) => Promise<string> = fastify.listen.bind(fastify);
  const onLoopback = (options?: FastifyListenOptions) => listen({ ...options, host: '127.0.0.1' });
  Object.assign(fastify, { listen: onLoopback });
}

function giveBackWhatNobodyGot(fastify: FastifyInstance): void {
  fastify.addHook('preHandler', async (request) => {
    if (!isReceive(request)) return;
    const body = request.body as Receive;
    body.WaitTimeSeconds = Math.min(body.WaitTimeSeconds ?? 0, LONGEST_WAIT_SECONDS);
  });
  fastify.addHook('onSend', async (request, _reply, payload) => {
    if (request.raw.socket.destroyed && isReceive(request) && typeof payload === 'string')
      await giveBack(fastify, request, JSON.parse(payload) as Received);
    return payload;
  });
}

async function giveBack(
  fastify: FastifyInstance,
  request: FastifyRequest,
  { Messages = [] }: Received,
): Promise<void> {
  if (Messages.length === 0) return;
  const { QueueUrl } = request.body as Receive;
  await fastify.inject({
    method: 'POST',
    url: '/',
    headers: {
      'content-type': String(request.headers['content-type']),
      'x-amz-target': 'AmazonSQS.ChangeMessageVisibilityBatch',
    },
    // One second, because the emulator refuses none when it persists.
    payload: JSON.stringify({
      QueueUrl,
      Entries: Messages.map(({ ReceiptHandle }, i) => ({
        Id: String(i),
        ReceiptHandle,
        VisibilityTimeout: 1,
      })),
    }),
  });
}

function isReceive({ headers }: FastifyRequest): boolean {
  return headers['x-amz-target'] === 'AmazonSQS.ReceiveMessage';
}
