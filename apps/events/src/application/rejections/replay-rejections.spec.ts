import { TenantId, TenantTransaction } from '@libs/kernel';
import { aRejection } from '../../../test/rejection.builder';
import { aTenant } from '../../../test/logged-event.builder';
import { KeptRejection } from '../../domain/kept-rejection';
import { CollectEvents } from '../collect-events';
import { Delivery, Sender } from '../delivery';
import {
  RejectionFilter,
  RejectionPlace,
  RejectionReader,
  RejectionView,
  ReplayOutcome,
} from './rejection-reader';
import { ReplayRejections } from './replay-rejections';

class Joined extends TenantTransaction {
  run<T>(work: () => Promise<T>): Promise<T> {
    return work();
  }
  runFor<T>(_tenantIds: readonly TenantId[], work: () => Promise<T>): Promise<T> {
    return work();
  }
}

class Kept extends RejectionReader {
  readonly noted: ReplayOutcome[] = [];
  constructor(readonly rows: readonly KeptRejection[]) {
    super();
  }
  async find(): Promise<undefined> {
    return undefined;
  }
  async list(
    _tenantId: TenantId,
    { replayed }: RejectionFilter,
    after: RejectionPlace | undefined,
    limit: number,
  ) {
    const done = new Set(this.noted.flatMap((each) => (each.refused ? [] : [each.rejectionId])));
    const from = after ? this.rows.findIndex(({ rejectionId }) => rejectionId === after.rejectionId) + 1 : 0;
    const left = this.rows
      .slice(from)
      .filter(({ rejectionId }) => replayed === undefined || !done.has(rejectionId));
    return left.slice(0, limit).map((row): RejectionView => ({ ...row, attempts: 0 }));
  }
  async listOfPerson(): Promise<never[]> {
    return [];
  }
  async load(_tenantId: TenantId, ids: readonly string[]) {
    return this.rows.filter(({ rejectionId }) => ids.includes(rejectionId));
  }
  async note(_tenantId: TenantId, outcomes: readonly ReplayOutcome[]): Promise<void> {
    this.noted.push(...outcomes);
  }
}

function replaying(
  rows: readonly KeptRejection[],
  answer: (delivery: Delivery, sender: Sender) => void = () => {},
) {
  const kept = new Kept(rows);
  const collect = {
    execute: async (sender: Sender, delivery: Delivery) => {
      answer(delivery, sender);
      return { accepted: 1, duplicates: 0, rejected: [] };
    },
  } as unknown as CollectEvents;
  return { kept, replay: new ReplayRejections(new Joined(), kept, collect, { now: () => new Date() }) };
}

const tenantId = aTenant();
const rows = (count: number) => Array.from({ length: count }, () => aRejection({ tenantId }));

describe('ReplayRejections', () => {
  it('takes a thousand at once and says where to go on, until there are none', async () => {
    const { kept, replay } = replaying(rows(2_001));
    const first = await replay.execute(tenantId, {});
    const second = await replay.execute(tenantId, { after: first.next });
    const third = await replay.execute(tenantId, { after: second.next });
    expect([first, second, third].map(({ accepted }) => accepted)).toEqual([1_000, 1_000, 1]);
    expect(third.next).toBeUndefined();
    expect(new Set(kept.noted.map(({ rejectionId }) => rejectionId)).size).toBe(2_001);
  });

  it('notes what the log took before it went away, and fails as the log does', async () => {
    const away = new Error('the log is away');
    let taken = 0;
    const { kept, replay } = replaying(rows(60), () => {
      if (++taken > 20) throw away;
    });
    await expect(replay.execute(tenantId, {})).rejects.toBe(away);
    expect(kept.noted).toHaveLength(20);
  });

  it('sends each for the person, the application and the time it came', async () => {
    const kept = aRejection({ tenantId, userId: 'p_x', sentAt: '2026-11-22T12:00:00.000Z' });
    const seen: unknown[] = [];
    const { replay } = replaying([kept], (delivery, sender) => seen.push({ ...delivery, ...sender }));
    await replay.execute(tenantId, { ids: [kept.rejectionId, kept.rejectionId] });
    expect(seen).toEqual([
      {
        tenantId,
        appId: kept.appId,
        userId: 'p_x',
        source: 'sdk',
        events: [JSON.parse(kept.event)],
        receivedAt: new Date(kept.receivedAt),
        sentAt: Date.parse('2026-11-22T12:00:00.000Z'),
        replayed: true,
      },
    ]);
  });
});
