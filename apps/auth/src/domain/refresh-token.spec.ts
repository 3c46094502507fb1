import { judgePresented, StoredRefreshToken } from './refresh-token';

const now = new Date('2026-11-22T12:00:00.000Z');
const spent = (msAgo: number, changes: Partial<StoredRefreshToken> = {}): StoredRefreshToken => ({
  sessionId: 's',
  expiresAt: new Date(now.getTime() + 1_000_000),
  spentAt: new Date(now.getTime() - msAgo),
  sealedSuccessor: Buffer.from('sealed'),
  successorSpent: false,
  sessionEnded: false,
  ...changes,
});

describe('judging a refresh token that cannot be spent', () => {
  it.each([0, 1, 10_000])('is a repetition %s ms after it was spent', (ms) =>
    expect(judgePresented(spent(ms), now)).toBe('repeated'),
  );
  it('is a reuse later', () => expect(judgePresented(spent(10_001), now)).toBe('reused'));
  it('is a reuse once the successor was spent, however soon', () =>
    expect(judgePresented(spent(1, { successorSpent: true }), now)).toBe('reused'));
  it('is a repetition when another machine spent it a moment ahead of our clock', () =>
    expect(judgePresented(spent(-500), now)).toBe('repeated'));
  it('is unusable when its session has ended: nothing is left to end', () =>
    expect(judgePresented(spent(1, { sessionEnded: true }), now)).toBe('unusable'));
  it('is unusable when it expired unspent', () =>
    expect(judgePresented({ ...spent(0), spentAt: undefined }, now)).toBe('unusable'));
});
