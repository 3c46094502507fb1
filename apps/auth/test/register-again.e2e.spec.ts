import { createHash } from 'node:crypto';
import { canonicalJson } from '@libs/http';
import { OneTimeStore } from '@libs/redis';
import { AuthUnderTest, PASSWORD } from './auth-under-test';

let auth: AuthUnderTest;

beforeAll(async () => {
  auth = await AuthUnderTest.start();
});
afterAll(() => auth?.stop());

const bodyOf = (subdomain: string, changes: object = {}) => ({
  email: `dona@${subdomain}.example`,
  password: PASSWORD,
  name: 'Dona da Padaria',
  tenant: { name: 'Padaria Estrela Ltda', subdomain },
  ...changes,
});
const register = (body: object, key = 'k1', house = auth) =>
  house.call('/api/v1/auth/register', { body, headers: { 'idempotency-key': key } });

describe('registering again with the same Idempotency-Key', () => {
  it('gets the same answer, not "taken", also from another instance', async () => {
    const first = await register(bodyOf('estrela'));
    const again = await register(bodyOf('estrela'));
    const other = await auth.another();
    try {
      const elsewhere = await register(bodyOf('estrela', { email: 'DONA@estrela.example' }), 'k1', other);
      expect([first.status, again.status, elsewhere.status]).toEqual([201, 201, 422]);
      expect(again.body).toEqual(first.body);
      expect(again.headers['idempotency-replayed']).toBe('true');
      const same = await register(bodyOf('estrela'), 'k1', other);
      expect(same.headers['idempotency-replayed']).toBe('true');
    } finally {
      await other.app.close();
    }
  });

  it('is refused with another password: the first one stands', async () => {
    const { status, body } = await register(bodyOf('estrela', { password: 'outro cavalo bateria grampo' }));
    expect({ status, code: body['code'] }).toEqual({ status: 422, code: 'idempotency_key_reused' });
    await expect(auth.login('estrela')).resolves.toBeDefined();
  });

  it('is nobody else’s business: the key is the account’s', async () => {
    const stranger = await register(bodyOf('girassol'));
    expect([stranger.status, stranger.headers['idempotency-replayed']]).toEqual([201, undefined]);
  });

  it('gives the key back when the registration was refused', async () => {
    expect((await register(bodyOf('violeta', { password: 'curta' }), 'k2')).status).toBe(422);
    expect((await register(bodyOf('violeta'), 'k2')).status).toBe(201);
  });

  it('leaves nothing in the store that a password can be tried against', async () => {
    const store = auth.app.get(OneTimeStore, { strict: false });
    const claim = jest.spyOn(store, 'claim');
    const complete = jest.spyOn(store, 'complete');
    await register(bodyOf('margarida'), 'k3');
    const [key = '', inputHash] = claim.mock.calls[0] ?? [];
    const text = `/api/v1/auth/register\n${canonicalJson(bodyOf('margarida'))}`;
    expect(inputHash).toMatch(/^[0-9a-f]{64}$/);
    expect(inputHash).not.toBe(createHash('sha256').update(text).digest('hex'));
    expect(key + JSON.stringify(complete.mock.calls)).not.toContain(PASSWORD);
    expect(key).not.toContain('margarida');
    claim.mockRestore();
    complete.mockRestore();
  });

  it('asks for a well-formed key', async () => {
    const { status, body } = await register(bodyOf('lirio'), 'a b');
    expect({ status, code: body['code'] }).toEqual({ status: 400, code: 'malformed_idempotency_key' });
  });
});
