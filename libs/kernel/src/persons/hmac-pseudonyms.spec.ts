import { createHmac } from 'node:crypto';
import { newId, TenantId } from '@libs/kernel';
import { HmacPseudonyms } from './hmac-pseudonyms';

const SECRET = 'a secret of the tests, of 32 characters';
const ESTRELA = newId<TenantId>();
const LUA = newId<TenantId>();

it('is the same for the same tenant and id, in every process that has the secret', () => {
  const pseudonym = new HmacPseudonyms(SECRET).of(ESTRELA, 'joao@exemplo.com');
  expect(new HmacPseudonyms(SECRET).of(ESTRELA, 'joao@exemplo.com')).toBe(pseudonym);
  const hmac = createHmac('sha256', SECRET).update(`${ESTRELA}joao@exemplo.com`).digest('base64url');
  expect(pseudonym).toBe(`p_${hmac.slice(0, 22)}`);
  expect(pseudonym).toMatch(/^p_[\w-]{22}$/);
});

it.each([
  ['joao@exemplo.com', ' Joao@Exemplo.COM ', 'ｊoao@exemplo.com'],
  ['52998224725', '529.982.247-25', '529 982 247 25'],
  ['11222333000181', '11.222.333/0001-81'],
  ['12ABC34501DE35', '12.abc.345/01de-35'],
  ['11987654321', '+55 (11) 98765-4321', '+5511987654321', '5511987654321', '005511987654321'],
])('%s is one person however it is spelled', (id, ...spellings) => {
  const pseudonyms = new HmacPseudonyms(SECRET);
  for (const spelling of spellings) expect(pseudonyms.of(ESTRELA, spelling)).toBe(pseudonyms.of(ESTRELA, id));
});

it('leaves the case of ids that are no e-mail to tell them apart', () => {
  const pseudonyms = new HmacPseudonyms(SECRET);
  expect(pseudonyms.of(ESTRELA, 'id-A-52998224725')).not.toBe(pseudonyms.of(ESTRELA, 'id-a-52998224725'));
});

it('is another for another tenant, id or secret', () => {
  const pseudonyms = new HmacPseudonyms(SECRET);
  const all = [
    pseudonyms.of(ESTRELA, 'joao@exemplo.com'),
    pseudonyms.of(LUA, 'joao@exemplo.com'),
    pseudonyms.of(ESTRELA, 'jose@exemplo.com'),
    new HmacPseudonyms(`${SECRET}.`).of(ESTRELA, 'joao@exemplo.com'),
  ];
  expect(new Set(all).size).toBe(all.length);
});

it('stays the same beyond what it remembers', () => {
  const pseudonyms = new HmacPseudonyms(SECRET);
  const first = pseudonyms.of(ESTRELA, 'joao@exemplo.com');
  for (let i = 0; i < 10_001; i++) pseudonyms.of(LUA, `cliente${i}@exemplo.com`);
  expect(pseudonyms.of(ESTRELA, 'joao@exemplo.com')).toBe(first);
  expect(pseudonyms.of(ESTRELA, 'x'.repeat(100_000))).toBe(pseudonyms.of(ESTRELA, 'x'.repeat(100_000)));
});
