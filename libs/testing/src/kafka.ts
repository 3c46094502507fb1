import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kafkaMissing, LocalKafka, startKafka } from '@libs/embedded';
import { describeNeeding } from './needed-service';

/** A suite on a real broker of its own; see describeNeeding. */
export function describeWithKafka(name: string, suite: () => void): void {
  describeNeeding(kafkaMissing(), name, suite);
}

/** A broker with nothing in it; `stop` also forgets its data. */
export async function testKafka(): Promise<LocalKafka> {
  const dir = await mkdtemp(join(tmpdir(), 'moneyflow-kafka-'));
  const kafka = await startKafka({ dir });
  return {
    ...kafka,
    stop: async () => {
      await kafka.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
