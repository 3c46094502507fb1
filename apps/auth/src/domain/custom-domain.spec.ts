import fc from 'fast-check';
import { chooseDomain, proofRecord } from './custom-domain';
import { InvalidDomain } from './tenancy.errors';

const choose = (text: string) => chooseDomain(text, 'moneyflow.example');

describe('a domain of a tenant', () => {
  it.each([
    ['Pay.Company.com.BR', 'pay.company.com.br'],
    ['company.com.', 'company.com'],
    [' company.com ', 'company.com'],
    ['ação.com.br', 'xn--ao-siap.com.br'],
    ['notmoneyflow.example', 'notmoneyflow.example'],
  ])('%s is kept as %s', (text, name) => {
    expect(choose(text)).toBe(name);
  });

  it.each(['moneyflow.example', 'api.moneyflow.example', 'a.b.MoneyFlow.example', 'api.moneyflow.example.'])(
    'is never the platform’s: %s',
    (text) => {
      expect(() => choose(text)).toThrow(InvalidDomain);
    },
  );

  it('is a name that DNS and a browser read alike, or refused, whatever is typed', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.domain(), fc.ipV4(), fc.webUrl()), (text) => {
        let name: string;
        try {
          name = choose(text);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidDomain);
          return;
        }
        expect(name).toMatch(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/);
        expect(new URL(`https://${name}/`).hostname).toBe(name);
        expect(choose(name)).toBe(name);
        expect(proofRecord(name)).toBe(`_moneyflow.${name}`);
      }),
      { numRuns: 2_000 },
    );
  });
});
