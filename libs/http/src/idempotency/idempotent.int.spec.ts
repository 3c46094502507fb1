import { CanActivate, ExecutionContext } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { InProcessOneTimeStore, OneTimeStore, StoreUnavailable } from '@libs/redis';
import { requestContext, SystemClock, TenantId, UserId } from '@libs/kernel';
import { FastifyRequest } from 'fastify';
import { probe, sampleListener } from '../../test/sample-app';
import { HttpListener } from '../listen-http';
import { IdempotencySecret } from './idempotency-secret';

const store = new InProcessOneTimeStore(new SystemClock());
const secret = new IdempotencySecret('a secret for tests');
let listener: HttpListener;
beforeAll(async () => {
  listener = await sampleListener([
    { provide: OneTimeStore, useValue: store },
    { provide: IdempotencySecret, useValue: secret },
    { provide: APP_GUARD, useValue: new PersonByHeader() },
  ]);
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

describe('@Idempotent({ sealed: true })', () => {
  const ask = (key: string, person: string) =>
    fetch(`${listener.url.replace('localhost', '127.0.0.1')}/api/v1/things/secret`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key, 'x-test-person': person },
      body: '{}',
    });

  it('replays the answer, and the store never sees it', async () => {
    const complete = jest.spyOn(store, 'complete');
    const first = (await (await ask('s1', 'ana')).json()) as { key: string };
    const again = await ask('s1', 'ana');
    expect(await again.json()).toEqual(first);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const kept = String(complete.mock.calls[0]?.[2]);
    expect(kept).not.toContain(first.key);
    expect(Buffer.from(kept, 'base64url').toString('latin1')).not.toContain('raw key');
  });

  it('shows a colleague who chose the same key an answer of their own', async () => {
    const first = await (await ask('s2', 'ana')).json();
    const other = await ask('s2', 'rui');
    expect(other.headers.get('idempotency-replayed')).toBeNull();
    expect(await other.json()).not.toEqual(first);
  });

  it('says that it was done, and never does it again, once the secret has changed', async () => {
    const { calls } = probe;
    await ask('s3', 'ana');
    const other = new IdempotencySecret('the next secret');
    const open = jest.spyOn(secret, 'open').mockImplementation((...args) => other.open(...args));
    const digest = jest.spyOn(secret, 'digest').mockImplementation((text) => other.digest(text));
    const lost = await ask('s3', 'ana');
    expect([lost.status, await codeOf(lost)]).toEqual([409, 'idempotent_answer_lost']);
    open.mockRestore();
    digest.mockRestore();
    expect((await ask('s3', 'ana')).headers.get('idempotency-replayed')).toBe('true');
    expect(probe.calls).toBe(calls + 1);
  });

  it('opens nothing that was altered, moved to another key or sealed with another secret', () => {
    const sealed = secret.seal('raw key', 'owner');
    expect(secret.open(sealed, 'owner')).toBe('raw key');
    expect(() => secret.open(sealed, 'another')).toThrow();
    expect(() => new IdempotencySecret('another secret').open(sealed, 'owner')).toThrow();
    const bytes = Buffer.from(sealed, 'base64url');
    for (let at = 0; at < bytes.length; at++) {
      const altered = Buffer.from(bytes);
      altered[at] = (altered[at] ?? 0) ^ 1;
      expect(() => secret.open(altered.toString('base64url'), 'owner')).toThrow();
      expect(() => secret.open(bytes.subarray(0, at).toString('base64url'), 'owner')).toThrow();
    }
  });
});

/** The tenant and the person that a token would have said. */
class PersonByHeader implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const person = context.switchToHttp().getRequest<FastifyRequest>().headers['x-test-person'];
    const current = requestContext.current();
    if (current && person)
      Object.assign(current, { tenantId: 'estrela' as TenantId, userId: person as UserId });
    return true;
  }
}
