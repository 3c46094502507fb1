import { newId, TenantId, UserId } from '@libs/kernel';
import { ExpiredToken, LastingAccess, Principal, RevokedApiKey } from '@libs/security';
import { DatabaseUnavailable } from '@libs/database';
import { LiveFeed, LiveMessage } from '../../application/live/live-feed';
import { Ending, LiveAudience, LiveChannel, MOST_LISTENERS } from './live-audience';
import { LiveMetrics } from './live-metrics';

const message: LiveMessage = { id: '1', text: '{}' };

class FakeChannel implements LiveChannel {
  readonly kind = 'websocket';
  unread = 0;
  told = 0;
  ended?: Ending;
  dropped = false;

  tell(): void {
    this.told++;
  }

  end(ending: Ending): void {
    this.ended = ending;
  }

  drop(): void {
    this.dropped = true;
  }
}

describe('LiveAudience', () => {
  const takers = new Set<(told: LiveMessage) => void>();
  const feed = {
    apps: 0,
    watch: (_app: object, take: (told: LiveMessage) => void) => {
      takers.add(take);
      return () => takers.delete(take);
    },
  };
  const access = { check: (): void | Promise<void> => undefined };
  let audience: LiveAudience;
  const tell = () => takers.forEach((take) => take(message));
  const person = (): Principal =>
    ({ kind: 'person', tenantId: newId<TenantId>(), userId: newId<UserId>() }) as Principal;

  beforeEach(() => {
    jest.useFakeTimers();
    takers.clear();
    access.check = () => undefined;
    audience = new LiveAudience(
      feed as unknown as LiveFeed,
      access as unknown as LastingAccess,
      new LiveMetrics(),
    );
  });
  afterEach(() => {
    audience.onApplicationShutdown();
    jest.useRealTimers();
  });

  it('sends nothing more to who has not read, and cuts the connection after ten seconds', () => {
    const channel = new FakeChannel();
    audience.join(person(), 'a', channel);
    tell();
    channel.unread = 5_000;
    for (let second = 0; second < 9; second++) {
      tell();
      jest.advanceTimersByTime(1_000);
    }
    expect([channel.told, channel.dropped]).toEqual([1, false]);
    jest.advanceTimersByTime(2_000);
    expect(channel.dropped).toBe(true);
  });

  it('forgives who reads again', () => {
    const channel = new FakeChannel();
    audience.join(person(), 'a', channel);
    for (let turn = 0; turn < 5; turn++) {
      channel.unread = 5_000;
      jest.advanceTimersByTime(6_000);
      channel.unread = 0;
      jest.advanceTimersByTime(1_000);
    }
    tell();
    expect([channel.told, channel.dropped]).toEqual([1, false]);
  });

  it('cuts at once what has gathered too much', () => {
    const channel = new FakeChannel();
    audience.join(person(), 'a', channel);
    channel.unread = 65 * 1_024;
    jest.advanceTimersByTime(500);
    expect(channel.dropped).toBe(true);
  });

  it('ends whom nothing lets in any more, as soon as that is known', async () => {
    const [now, later] = [new FakeChannel(), new FakeChannel()];
    audience.join(person(), 'a', now);
    access.check = () => {
      throw new ExpiredToken();
    };
    jest.advanceTimersByTime(500);
    expect(now.ended).toEqual({ code: 4401, reason: 'expired_token' });
    access.check = () => Promise.reject(new RevokedApiKey());
    audience.join(person(), 'a', later);
    await jest.advanceTimersByTimeAsync(500);
    expect(later.ended).toEqual({ code: 4401, reason: 'revoked_api_key' });
  });

  it('ends nobody because it cannot be told, but for a defect of ours', async () => {
    const [patient, broken] = [new FakeChannel(), new FakeChannel()];
    audience.join(person(), 'a', patient);
    access.check = () => Promise.reject(new DatabaseUnavailable(new Error('away')));
    await jest.advanceTimersByTimeAsync(2_000);
    expect(patient.ended).toBeUndefined();
    access.check = () => Promise.reject(new TypeError('a defect'));
    audience.join(person(), 'a', broken);
    await jest.advanceTimersByTimeAsync(500);
    expect(broken.ended).toEqual({ code: 1011, reason: 'internal_error' });
  });

  it('has room for so many of a tenant’s, and gives a place back once', () => {
    const [tenant, other] = [person(), person()];
    const leave = Array.from({ length: MOST_LISTENERS }, () => audience.join(tenant, 'a', new FakeChannel()));
    expect(() => audience.join(tenant, 'b', new FakeChannel())).toThrow('live connections');
    audience.checkRoom(other);
    leave[0]!();
    leave[0]!();
    audience.join(tenant, 'b', new FakeChannel());
    expect(() => audience.checkRoom(tenant)).toThrow('live connections');
    expect(takers.size).toBe(MOST_LISTENERS);
  });

  it('asks about nobody once all have gone', () => {
    const check = jest.fn();
    access.check = check;
    const leave = audience.join(person(), 'a', new FakeChannel());
    leave();
    jest.advanceTimersByTime(5_000);
    expect(check).not.toHaveBeenCalled();
  });
});
