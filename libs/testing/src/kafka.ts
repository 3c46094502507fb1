import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kafkaMissing, LocalKafka, startKafka } from '@libs/embedded';
import { describeNeeding } from './needed-service';

/** A suite on a real broker of its own; see describeNeeding. */
export function describeWithKafka(name: string, suite: () => void): void {
  describeNeeding(kafkaMissing(), name, suite);
}

export interface TestKafka extends LocalKafka {
  /** Takes the broker away; its data and its ports stay. */
  pause(): Promise<void>;
  /** As a power cut would take it away. */
  kill9(): Promise<void>;
  resume(): Promise<void>;
}

/** A broker with nothing in it; `stop` also forgets its data. */
export async function testKafka(): Promise<TestKafka> {
  const dir = await mkdtemp(join(tmpdir(), 'moneyflow-kafka-'));
  let kafka = await startKafka({ dir });
  const { ports } = kafka;
  return {
    ...kafka,
    pause: () => kafka.stop(),
    kill9: async () => {
      if (kafka.pid) process.kill(kafka.pid, 'SIGKILL');
      await kafka.stop();
    },
    resume: async () => {
      kafka = await startKafka({ dir, ports });
    },
    stop: async () => {
      await kafka.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
