import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { TenantId } from '@libs/kernel';
import { LiveFeed, LiveMessage } from './live-feed';
import { LiveCounts } from './live-counts';
import { LiveLook, LiveReader, WatchedApp } from './live.reader';

const [PADARIA, VIZINHA] = [
  '019a2b3c-0000-7000-8000-000000000001' as TenantId,
  '019a2b3c-0000-7000-8000-000000000002' as TenantId,
];
const app = (tenantId: TenantId, appId = 'a') => ({ tenantId, appId });

class ReaderInMemory extends LiveReader {
  readonly seqs = new Map<string, string>();
  readonly counted: string[] = [];
  looks = 0;
  failing?: TenantId | 'all';
  slowMs = 0;
  /** So that a test need not wait for whole seconds: one of ours lasts 50 ms. */
  private readonly from = Date.now();

  async look(apps: readonly WatchedApp[]): Promise<LiveLook> {
    this.looks++;
    if (this.failing === 'all') throw new Error('away');
    const states = apps.map((each) => ({ ...each, seq: this.seqs.get(each.tenantId) ?? '0' }));
    // always so late in a second that the next one is near
    const second = Math.floor((Date.now() - this.from) / 50);
    return { clock: new Date(second * 1_000 + 970), states };
  }

  async counts(tenantId: TenantId, appIds: readonly string[], asOf: Date): Promise<LiveCounts[]> {
    if (this.failing === tenantId) throw new Error('too heavy');
    if (this.slowMs > 0) await sleep(this.slowMs);
    const seq = this.seqs.get(tenantId) ?? '0';
    this.counted.push(`${tenantId.slice(-1)} ${seq}`);
    return appIds.map((appId) => ({ appId, asOf: asOf.toISOString(), seq }) as LiveCounts);
  }
}

describe('LiveFeed', () => {
  let reader: ReaderInMemory;
  let feed: LiveFeed;
  beforeAll(() => Logger.overrideLogger(false));
  beforeEach(() => {
    reader = new ReaderInMemory();
    feed = new LiveFeed(reader);
  });
  afterEach(() => feed.onApplicationShutdown());

  function listen(to: WatchedApp) {
    const told: LiveMessage[] = [];
    const stop = feed.watch(to, (message) => told.push(message));
    return { told, stop };
  }
  async function until(holds: () => boolean): Promise<void> {
    for (let turn = 0; turn < 400 && !holds(); turn++) await sleep(5);
    expect(holds()).toBe(true);
  }

  it('does nothing while nobody listens, and again nothing once the last one has gone', async () => {
    expect(reader.looks).toBe(0);
    const { told, stop } = listen(app(PADARIA));
    await until(() => told.length > 0);
    stop();
    await sleep(120);
    const { looks } = reader;
    await sleep(120);
    expect([reader.looks, feed.apps]).toEqual([looks, 0]);
  });

  it('counts once for all who listen, and tells who comes later at once', async () => {
    const first = listen(app(PADARIA));
    await until(() => first.told.length > 0);
    const second = listen(app(PADARIA));
    expect(second.told).toEqual(first.told.slice(-1));
    reader.counted.length = 0;
    reader.seqs.set(PADARIA, '7');
    await until(() => reader.counted.includes('1 7'));
    await until(() => second.told.at(-1)!.id.endsWith(' 7'));
    expect(first.told.at(-1)).toBe(second.told.at(-1));
    expect(reader.counted.filter((each) => each === '1 7')).toHaveLength(1);
  });

  it('tells of a change in the next second, and else at every fifth', async () => {
    const { told } = listen(app(PADARIA));
    await until(() => told.length >= 3);
    const seconds = told
      .slice(1)
      .map(({ text }) => Date.parse((JSON.parse(text) as LiveCounts).asOf) / 1_000);
    for (const [at, second] of seconds.slice(1).entries())
      expect(Math.floor(second / 5)).toBeGreaterThan(Math.floor(seconds[at]! / 5));
    const before = told.length;
    for (let seq = 1; seq <= 3; seq++) {
      reader.seqs.set(PADARIA, String(seq));
      await until(() => told.some(({ id }) => id.endsWith(` ${seq}`)));
    }
    expect(told.length).toBeGreaterThanOrEqual(before + 3);
  });

  it('tells nothing twice of one second', async () => {
    const { told } = listen(app(PADARIA));
    for (let seq = 1; seq < 40; seq++) {
      reader.seqs.set(PADARIA, String(seq));
      await sleep(10);
    }
    const seconds = told.map(({ id }) => id.split(' ')[0]);
    expect(new Set(seconds).size).toBe(seconds.length);
  });

  it('lets no tenant whose counts fail keep the others waiting', async () => {
    reader.failing = PADARIA;
    const [broken, well] = [listen(app(PADARIA)), listen(app(VIZINHA))];
    await until(() => well.told.length >= 2);
    expect(broken.told).toEqual([]);
    reader.failing = undefined;
    await until(() => broken.told.length > 0);
  });

  it('goes on once the database is back', async () => {
    reader.failing = 'all';
    const { told } = listen(app(PADARIA));
    await sleep(50);
    expect(told).toEqual([]);
    reader.failing = undefined;
    await until(() => told.length > 0);
  });

  it('makes what takes long less often', async () => {
    reader.slowMs = 300;
    const { told } = listen(app(PADARIA));
    const change = setInterval(() => reader.seqs.set(PADARIA, String(Date.now())), 10);
    await until(() => told.length >= 3);
    clearInterval(change);
    const seconds = told.map(({ text }) => Date.parse((JSON.parse(text) as LiveCounts).asOf) / 1_000);
    expect(seconds[1]! - seconds[0]!).toBeGreaterThanOrEqual(3);
    expect(seconds[2]! - seconds[1]!).toBeGreaterThanOrEqual(3);
  });

  it('keeps applications of the same name apart by their tenant', async () => {
    reader.seqs.set(VIZINHA, '9');
    const [ours, theirs] = [listen(app(PADARIA)), listen(app(VIZINHA))];
    await until(() => ours.told.length > 0 && theirs.told.length > 0);
    expect(ours.told.every(({ id }) => id.endsWith(' 0'))).toBe(true);
    expect(theirs.told.every(({ id }) => id.endsWith(' 9'))).toBe(true);
  });
});
