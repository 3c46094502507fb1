import { InProcessOneTimeStore, OneTimeStore, StoreUnavailable } from '@libs/redis';
import { SystemClock } from '@libs/kernel';
import { probe, sampleListener } from '../../test/sample-app';
import { HttpListener } from '../listen-http';

const store = new InProcessOneTimeStore(new SystemClock());
let listener: HttpListener;
beforeAll(async () => {
  listener = await sampleListener([{ provide: OneTimeStore, useValue: store }]);
});
afterAll(() => listener.close());
beforeEach(() => Object.assign(probe, { calls: 0, fail: undefined, delayMs: 0 }));
afterEach(() => jest.restoreAllMocks());

const post = (key: string | undefined, body: string) =>
  fetch(`${listener.url.replace('localhost', '127.0.0.1')}/api/v1/things`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key === undefined ? {} : { 'idempotency-key': key }) },
    body,
  });
const THING = '{"description":"Aluguel","amount":"-1500.00"}';
const codeOf = async (answer: Response) => ((await answer.json()) as { code: string }).code;

describe('@Idempotent', () => {
  it('replays status, body and Location for the same key and body, however it is spelled', async () => {
    const first = await post('k1', THING);
    const again = await post('k1', '{ "amount" : "-1500.00", "description" : "Aluguel" }');
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect([again.status, again.headers.get('location')]).toEqual([202, first.headers.get('location')]);
    expect(await again.json()).toEqual(await first.json());
    expect(probe.calls).toBe(1);
  });

  it('refuses another body under the same key and names the key', async () => {
    await post('k2', THING);
    const answer = await post('k2', THING.replace('1500', '1501'));
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({
      code: 'idempotency_key_reused',
      detail: expect.stringContaining('"k2"') as string,
    });
    expect(probe.calls).toBe(1);
  });

  it('works once for any number of simultaneous requests', async () => {
    probe.delayMs = 300;
    const answers = await Promise.all(Array.from({ length: 20 }, () => post('k3', THING)));
    const worked = answers.filter(
      ({ status, headers }) => status === 202 && !headers.has('idempotency-replayed'),
    );
    const busy = answers.find((answer) => answer.status === 409);
    expect(worked).toHaveLength(1);
    expect(answers.every(({ status }) => status === 202 || status === 409)).toBe(true);
    expect(busy?.headers.get('retry-after')).toBe('1');
    expect(probe.calls).toBe(1);
  });

  it('gives the key back when the handler fails', async () => {
    probe.fail = new Error('no');
    expect((await post('k4', THING)).status).toBe(500);
    probe.fail = undefined;
    expect((await post('k4', THING)).status).toBe(202);
  });

  it('gives the key back when the body is refused', async () => {
    expect((await post('k5', '{"amount":1}')).status).toBe(400);
    expect((await post('k5', THING)).status).toBe(202);
  });

  it.each(['', ' ', 'a b', 'x'.repeat(256), 'é'])('refuses the key %j', async (key) => {
    const answer = await post(key, THING);
    expect([answer.status, await codeOf(answer)]).toEqual([400, 'malformed_idempotency_key']);
  });

  it('without a key works every time, the store away or not', async () => {
    jest.spyOn(store, 'claim').mockRejectedValue(new StoreUnavailable());
    await post(undefined, THING);
    await post(undefined, THING);
    expect(probe.calls).toBe(2);
  });

  it('with a key answers 503 while the store is away', async () => {
    jest.spyOn(store, 'claim').mockRejectedValue(new StoreUnavailable());
    const answer = await post('k6', THING);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await codeOf(answer)).toBe('store_unavailable');
    expect(probe.calls).toBe(0);
  });

  it('still answers when only the answer cannot be kept', async () => {
    jest.spyOn(store, 'complete').mockRejectedValue(new StoreUnavailable());
    expect((await post('k7', THING)).status).toBe(202);
  });
});
