import { CapturedLog, PlainWriter } from '../../test/captured-log';
import { aTenant } from '../../test/logged-event.builder';
import { aPageView } from '../../test/sdk-event.builder';
import { Device } from '../domain/tracked-event';
import { JudgeHere } from '../infrastructure/judging/judge-here';
import { SchemaEventReader } from '../infrastructure/schemas/schema-event-reader';
import { CollectEvents } from './collect-events';
import { Delivery, Sender } from './delivery';
import { EnrichEvents } from './enrich-events';
import { JudgeEvents } from './judge-events';

const NOW = new Date('2026-11-22T12:00:00.500Z');
const clock = { now: () => NOW };
const device: Device = { kind: 'other', family: 'Other', browser: 'Other', os: 'Other', bot: false };

async function collect(delivery: Partial<Delivery>, sender: Partial<Sender> = {}) {
  const log = new CapturedLog();
  const enrich = new EnrichEvents({ device: () => device }, { of: (_, id) => `p_${id.length}` });
  const oldest = Date.parse('2025-11-01T00:00:00.000Z');
  const collector = new CollectEvents(
    { oldest: () => ({ critical: oldest, other: oldest }) },
    { of: () => undefined },
    new JudgeHere(new JudgeEvents(new SchemaEventReader(clock), enrich, new PlainWriter())),
    log,
    { seen: () => false },
    clock,
  );
  const collected = await collector.execute(
    { tenantId: aTenant(), appId: 'app', ...sender },
    { source: 'sdk', events: [], ...delivery },
  );
  return { collected, log };
}

describe('CollectEvents, of events without a time, of rejections and replays', () => {
  it('says that an event without a time of its own happened when it came', async () => {
    const eventId = '550e8400-e29b-41d4-a716-446655440000';
    const { log } = await collect({ source: 'track', events: [{ eventType: 'x', eventId }] });
    expect(log.accepted).toMatchObject([
      { eventId, timestamp: '2026-11-22T00:00:00.000Z', occurredAt: NOW.toISOString() },
    ]);
    expect(log.accepted[0]).not.toHaveProperty('untimed');
  });

  it('tells the log of a rejection whom it is about: the token’s person, else the name it has, freed of personal data', async () => {
    const bad = (user_id?: unknown) =>
      aPageView({ event_type: 'page_vew', user: { user_id, device_id: 'd' } });
    const events = [bad('u-1'), bad('maria@exemplo.com'), bad(7), bad(), 'nothing', { user: null }];
    const named = async (sender?: Partial<Sender>) =>
      (await collect({ events }, sender)).log.rejected.map(({ userId }) => userId);
    expect(await named()).toEqual(['u-1', 'p_17', '7', undefined, undefined, undefined]);
    expect(await named({ userId: 'me' })).toEqual(Array(6).fill('me'));
  });

  it('tells the log nothing of what is refused in a replay, and the caller all the same', async () => {
    const events = [
      aPageView({ event_type: 'page_vew' }),
      aPageView({ timestamp: '2026-11-22T11:00:00.000Z' }),
    ];
    const { collected, log } = await collect({ events, replayed: true });
    expect(collected).toMatchObject({ accepted: 1, rejected: [{ index: 0, code: 'unknown_event_type' }] });
    expect([log.accepted.length, log.rejected.length]).toEqual([1, 0]);
  });

  it.each([
    ['2025-10-31T23:59:59.999Z', 'too_old'],
    ['2026-12-23T12:00:00.501Z', 'timestamp_in_future'],
  ])('refuses an event of %s as %s', async (timestamp, code) => {
    const { collected } = await collect({ events: [aPageView({ timestamp })] });
    expect(collected.rejected).toMatchObject([{ code }]);
  });
});
