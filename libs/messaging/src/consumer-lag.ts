import { metrics } from '@libs/http';
import { logger } from '@libs/logging';
import { Gauge } from 'prom-client';
import { atMost } from './pause';

const log = logger('messaging');
/** A scrape does not wait for a log that does not answer. */
const PATIENCE_MS = 2_000;
/** Scrapers may come often, and a broker is asked once per topic. */
const FRESH_MS = 5_000;

/** What a consumer group has not read of a topic. */
export interface TopicLag {
  topic: string;
  messages: number;
  /** For how long the oldest of them has waited; 0 without any. */
  seconds: number;
}

/** A consumer that knows how far behind its group is. */
export interface LagProbe {
  readonly group: string;
  /** Rejects while the carrier cannot be asked: then nothing is told, since an old figure would calm. */
  lag(): Promise<TopicLag[]>;
}

interface Watched {
  probe: LagProbe;
  known: TopicLag[];
  /** On the clock that nobody sets: one that is set back would leave an old figure standing. */
  asked: number;
  /** The question under way: a carrier that does not answer is not asked once more by every scrape. */
  asking?: Promise<void>;
}

const watched = new Set<Watched>();

const messages = new Gauge({
  name: 'consumer_lag_messages',
  help: 'Messages of a topic that a consumer group has not read; each member tells of its whole group.',
  labelNames: ['group', 'topic'],
  registers: [],
  collect: () => refresh(),
});
const seconds = new Gauge({
  name: 'consumer_oldest_unread_seconds',
  help: 'For how long the oldest message that a consumer group has not read has waited.',
  labelNames: ['group', 'topic'],
  registers: [],
  collect: () => refresh(),
});
metrics.registerMetric(messages);
metrics.registerMetric(seconds);

/** Shows a consumer's lag at /metrics; what it returns ends that. */
export function watchLag(probe: LagProbe): () => void {
  const one: Watched = { probe, known: [], asked: -Infinity };
  watched.add(one);
  return () => void watched.delete(one);
}

/**
 * For how many seconds the oldest message of a topic has waited that a group has not read, as one of its consumers in this process
 * knows, a few seconds late at most; 0 where none waits, undefined where nobody can say.
 */
export async function oldestUnread(group: string, topic: string): Promise<number | undefined> {
  const one = [...watched].find(({ probe }) => probe.group === group);
  if (!one) return undefined;
  await atMost(PATIENCE_MS, update(one));
  return one.known.find((lag) => lag.topic === topic)?.seconds;
}

let refreshing: Promise<void> | undefined;

/** Both gauges are collected at once: one round of questions serves both. */
function refresh(): Promise<void> {
  refreshing ??= ask().finally(() => (refreshing = undefined));
  return refreshing;
}

async function ask(): Promise<void> {
  await Promise.all([...watched].map((one) => atMost(PATIENCE_MS, update(one))));
  messages.reset();
  seconds.reset();
  for (const { probe, known } of watched) {
    for (const lag of known) {
      messages.set({ group: probe.group, topic: lag.topic }, lag.messages);
      seconds.set({ group: probe.group, topic: lag.topic }, lag.seconds);
    }
  }
}

function update(one: Watched): Promise<void> {
  if (one.asking || performance.now() - one.asked < FRESH_MS) return one.asking ?? Promise.resolve();
  one.asked = performance.now();
  one.known = [];
  one.asking = question(one).finally(() => (one.asking = undefined));
  return one.asking;
}

async function question(one: Watched): Promise<void> {
  one.known = await one.probe.lag().catch((error: unknown) => {
    log.debug({ err: error, group: one.probe.group }, 'the lag of a consumer group is not known now');
    return [];
  });
}
