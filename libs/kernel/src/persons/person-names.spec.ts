import { TenantId } from '../ids';
import { PersonNames } from './person-names';
import { MalformedUserId } from './user-id';

const tenantId = 't' as TenantId;
const names = new PersonNames({ of: (tenant, id) => `p_${tenant}_${id.length}` });

it('names a person by the id that the client gave, or by its pseudonym where that is personal', () => {
  expect(names.of(tenantId, 'cliente-42')).toBe('cliente-42');
  expect(names.of(tenantId, 'joao@exemplo.com')).toBe('p_t_16');
  expect(names.of(tenantId, '529.982.247-25')).toBe('p_t_14');
});

it.each(['', 'x'.repeat(257), 'a\nb', '\u0000', '\ud800'])('refuses what nobody can be called: %j', (text) =>
  expect(() => names.of(tenantId, text)).toThrow(MalformedUserId),
);
