import { Readiness } from './health';

describe('Readiness', () => {
  it('names each dependency and is unavailable while one is down', async () => {
    const readiness = new Readiness();
    readiness.add('postgres', async () => undefined);
    readiness.add('redis', () => Promise.reject(new Error('away')));
    expect(await readiness.report()).toEqual({
      status: 'unavailable',
      dependencies: { postgres: 'up', redis: 'down' },
    });
  });

  it('does not wait for a dependency that hangs', async () => {
    const readiness = new Readiness(20);
    readiness.add('kafka', () => new Promise(() => undefined));
    expect((await readiness.report()).dependencies).toEqual({ kafka: 'down' });
  });

  it('is draining once told so, however well everything is', async () => {
    const readiness = new Readiness();
    readiness.draining = true;
    expect((await readiness.report()).status).toBe('draining');
  });

  it('asks each dependency once for any number of askers at once: anybody may ask', async () => {
    const readiness = new Readiness();
    const check = jest.fn(async () => undefined);
    readiness.add('postgres', check);
    await Promise.all(Array.from({ length: 100 }, () => readiness.report()));
    expect(check).toHaveBeenCalledTimes(1);
    await readiness.report();
    expect(check).toHaveBeenCalledTimes(2);
  });
});
