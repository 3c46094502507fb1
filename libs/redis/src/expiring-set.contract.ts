import { ExpiringSet } from './expiring-set';

/** What every ExpiringSet promises. */
export function expiringSetContract(make: () => ExpiringSet): void {
  let set: ExpiringSet;
  let key = '';
  let made = 0;
  const inMs = (ms: number): Date => new Date(Date.now() + ms);

  beforeEach(() => {
    set = make();
    key = `set-${process.pid}-${made++}`;
  });

  it('is empty and without revision at first', async () => {
    expect(await set.snapshot(key)).toEqual({ members: new Set(), revision: '' });
  });

  it('shows what was added, with another revision each time', async () => {
    await set.add(key, 'a', inMs(60_000));
    const first = await set.snapshot(key);
    await set.addAll(key, [
      { member: 'b', expiresAt: inMs(60_000) },
      { member: 'c:é', expiresAt: inMs(60_000) },
    ]);
    const second = await set.snapshot(key);
    expect([...first.members]).toEqual(['a']);
    expect([...second.members].sort()).toEqual(['a', 'b', 'c:é']);
    expect(new Set(['', first.revision, second.revision]).size).toBe(3);
    expect((await set.snapshot(`${key}-other`)).members.size).toBe(0);
  });

  it('answers the same object while nothing changes', async () => {
    await set.add(key, 'a', inMs(60_000));
    const first = await set.snapshot(key);
    const again = await set.snapshot(key);
    expect(again.members).toBe(first.members);
    expect(again.revision).toBe(first.revision);
  });

  it('loses members when they expire, with no addition in between', async () => {
    await set.addAll(key, [
      { member: 'short', expiresAt: inMs(100) },
      { member: 'long', expiresAt: inMs(60_000) },
      { member: 'past', expiresAt: inMs(-1_000) },
    ]);
    expect([...(await set.snapshot(key)).members].sort()).toEqual(['long', 'short']);
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect([...(await set.snapshot(key)).members]).toEqual(['long']);
  });

  it('keeps the later expiry of a member added twice', async () => {
    await set.add(key, 'a', inMs(60_000));
    await set.add(key, 'a', inMs(50));
    await set.add(key, 'b', inMs(50));
    await set.add(key, 'b', inMs(60_000));
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect([...(await set.snapshot(key)).members].sort()).toEqual(['a', 'b']);
  });

  it('adds nothing from nothing', async () => {
    await set.addAll(key, []);
    expect((await set.snapshot(key)).revision).toBe('');
  });
}
