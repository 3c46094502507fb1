import { newId, Outbox, requestContext, TenantId, UserId } from '@libs/kernel';
import {
  FakeDenyList,
  InMemoryAudit,
  InMemoryDenials,
  InMemoryTransaction,
} from '../../../test/in-memory-identity';
import { MembershipRepository } from '../../domain/membership.repository';
import { SessionRepository } from '../../domain/session.repository';
import { EndAllSessions } from './end-all-sessions';
import { EndSession } from './end-session';
import { ReconcileDenyList } from './reconcile-deny-list';

const now = new Date('2026-11-22T12:00:00.000Z');
const clock = { now: () => now };
const session = {
  tenantId: newId<TenantId>(),
  userId: newId<UserId>(),
  sessionId: newId(),
  reason: 'logout' as const,
};

function setUp(found: { ended: boolean; belongs: boolean }) {
  const journal: string[] = [];
  const denials = new InMemoryDenials();
  const denyList = new FakeDenyList(journal);
  const outbox: Outbox = { add: jest.fn().mockResolvedValue(undefined) };
  const audit = new InMemoryAudit();
  let tenant: string | undefined;
  const sessions = {
    end: async () => {
      tenant = requestContext.current()?.tenantId;
      return found.ended;
    },
    belongs: async () => found.belongs,
  } as unknown as SessionRepository;
  const endSession = new EndSession(
    new InMemoryTransaction(journal),
    sessions,
    denials,
    denyList,
    outbox,
    audit,
    clock,
  );
  return { journal, denials, denyList, outbox, audit, endSession, tenantSeen: () => tenant };
}

describe('EndSession', () => {
  it('commits first, publishes then, and only then is done', async () => {
    const { endSession, journal, denyList, denials, outbox, tenantSeen } = setUp({
      ended: true,
      belongs: true,
    });
    await endSession.execute(session);
    expect(journal).toEqual(['commit', 'publish']);
    expect(denyList.published).toEqual([session.sessionId]);
    expect(tenantSeen()).toBe(session.tenantId);
    expect(outbox.add).toHaveBeenCalledTimes(1);
    // longer than the longest-lived access token of the session, skew included
    expect(denials.denials[0]?.until.getTime()).toBeGreaterThan(now.getTime() + 930_000);
  });

  it('writes down an end once, and calls a reuse by its name', async () => {
    const first = setUp({ ended: true, belongs: true });
    await first.endSession.execute(session);
    await first.endSession.execute({ ...session, reason: 'refresh_reuse' });
    expect(first.audit.actions).toEqual(['session.ended', 'session.reuse_detected']);
    const again = setUp({ ended: false, belongs: true });
    await again.endSession.execute(session);
    expect(again.audit.actions).toEqual([]);
  });

  it('fails when the deny list is away, and does its part again when asked again', async () => {
    const { endSession, denyList } = setUp({ ended: true, belongs: true });
    denyList.away = true;
    await expect(endSession.execute(session)).rejects.toThrow('away');
    const retry = setUp({ ended: false, belongs: true });
    await retry.endSession.execute(session);
    expect(retry.denyList.published).toEqual([session.sessionId]);
    expect(retry.outbox.add).not.toHaveBeenCalled();
  });

  it("does not touch another person's session", async () => {
    const { endSession, denyList, denials } = setUp({ ended: false, belongs: false });
    await expect(endSession.execute(session)).rejects.toMatchObject({ code: 'session_not_found' });
    expect([...denyList.published, ...denials.denials]).toEqual([]);
  });
});

describe('EndAllSessions', () => {
  it('publishes what it committed in one tenant although the next one fails: a retry finds nothing there', async () => {
    const [first, second] = [newId<TenantId>(), newId<TenantId>()];
    const other = newId();
    const denyList = new FakeDenyList();
    const memberships = { ofPerson: async () => [{ tenantId: first }, { tenantId: second }] };
    const sessions = {
      endAll: async () => {
        if (requestContext.current()?.tenantId === second) throw new Error('the database is away');
        return [other];
      },
    };
    const endAll = new EndAllSessions(
      new InMemoryTransaction([]),
      memberships as unknown as MembershipRepository,
      sessions as unknown as SessionRepository,
      new InMemoryDenials(),
      denyList,
      { add: jest.fn().mockResolvedValue(undefined) },
      new InMemoryAudit(),
      clock,
    );
    await expect(endAll.execute(session)).rejects.toThrow('the database is away');
    expect(denyList.published).toContain(other);
  });
});

describe('ReconcileDenyList', () => {
  const denial = (minutes: number) => ({
    subject: 'session' as const,
    id: newId(),
    until: new Date(now.getTime() + minutes * 60_000),
  });

  it('loads what has not ended at the start, and again when the list lacks something', async () => {
    const denials = new InMemoryDenials();
    const denyList = new FakeDenyList();
    const [live, past] = [denial(1), denial(-1)];
    await denials.add([live, past]);
    const reconcile = new ReconcileDenyList(denials, denyList, clock);
    await reconcile.execute();
    await reconcile.execute();
    expect(denyList.published).toEqual([live.id]);
    denyList.incomplete = true;
    await reconcile.execute();
    expect(denyList.published).toEqual([live.id, live.id]);
  });

  it('tries the first load again until the store takes it', async () => {
    const denials = new InMemoryDenials();
    const denyList = new FakeDenyList();
    await denials.add([denial(1)]);
    denyList.away = true;
    const reconcile = new ReconcileDenyList(denials, denyList, clock);
    await expect(reconcile.execute()).rejects.toThrow('away');
    denyList.away = false;
    await reconcile.execute();
    expect(denyList.published).toHaveLength(1);
  });

  it('tries a later load again too, though the list says only once that it lacks something', async () => {
    const denials = new InMemoryDenials();
    const denyList = new FakeDenyList();
    const reconcile = new ReconcileDenyList(denials, denyList, clock);
    await reconcile.execute();
    const missed = denial(1);
    await denials.add([missed]);
    jest.spyOn(denyList, 'isIncomplete').mockResolvedValueOnce(true);
    jest.spyOn(denials, 'unexpired').mockRejectedValueOnce(new Error('the database is away'));
    await expect(reconcile.execute()).rejects.toThrow('away');
    await reconcile.execute();
    expect(denyList.published).toEqual([missed.id]);
  });
});
