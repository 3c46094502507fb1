import { Argon2PasswordHasher } from './argon2-password-hasher';
import { BoundedGate } from './bounded-gate';

describe('Argon2PasswordHasher', () => {
  it('hashes with Argon2id, m=19456, t=2, p=1, salted', async () => {
    const hasher = await Argon2PasswordHasher.create({ concurrency: 1, queue: 10 });
    const [one, two] = [await hasher.hash('a password'), await hasher.hash('a password')];
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).not.toBe(two);
    await expect(hasher.verify('a password', one)).resolves.toBe(true);
    await expect(hasher.verify('another', one)).resolves.toBe(false);
  });

  it('verifies against a hash of the same cost for an unknown account, and never accepts', async () => {
    const hasher = await Argon2PasswordHasher.create({ concurrency: 1, queue: 10 });
    const nobodys = (hasher as unknown as { nobodys: string }).nobodys;
    const somebodys = await hasher.hash('a password');
    expect(nobodys.split('$').slice(0, 4)).toEqual(somebodys.split('$').slice(0, 4));
    expect(nobodys.length).toBe(somebodys.length);
    await expect(hasher.verify('a password', undefined)).resolves.toBe(false);
  });

  it('turns away who comes when all places and the queue are taken', async () => {
    const hasher = await Argon2PasswordHasher.create({ concurrency: 1, queue: 2 });
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => hasher.hash('a password')));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected')
        expect(outcome.reason).toMatchObject({ code: 'password_checks_busy' });
  });
});

describe('BoundedGate', () => {
  it('never runs more at once than it may, also after failures', async () => {
    const gate = new BoundedGate(3, 100, () => new Error('full'));
    let running = 0;
    let most = 0;
    const work = async (fails: boolean) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      if (fails) throw new Error('failed');
    };
    await Promise.allSettled(Array.from({ length: 50 }, (_, i) => gate.run(() => work(i % 3 === 0))));
    expect({ most, running }).toEqual({ most: 3, running: 0 });
    await expect(gate.run(() => Promise.resolve('free again'))).resolves.toBe('free again');
  });
});
