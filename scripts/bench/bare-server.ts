import Fastify from 'fastify';

/**
 * The baseline of every ratio: Fastify alone, same payloads, nothing else. `GET /` answers as many bytes as the cached
 * day, `POST /` parses a body and answers 202. Prints its port; ends with its parent.
 */
const answerBytes = Number(process.argv[2] ?? 300);
const body = { filler: 'x'.repeat(Math.max(0, answerBytes - '{"filler":""}'.length)) };

async function main(): Promise<void> {
  const app = Fastify({ logger: false, bodyLimit: 1024 * 1024 });
  app.get('/', () => body);
  app.post('/', async (_request, reply) => {
    await reply.code(202).send({ id: '019a2b3c-4d5e-8f60-9a1b-2c3d4e5f6071', status: 'queued' });
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const address = app.server.address();
  process.send?.({ port: typeof address === 'object' && address ? address.port : 0 });
  process.once('disconnect', () => process.exit(0));
}

void main();
