import { HostNames } from './host-names';

const names = new HostNames({
  publicDomain: 'moneyflow.example',
  neutralHosts: ['Releases.Internal', 'gateway'],
});

const kindOf = (host: string) => {
  const name = names.of(host);
  return 'name' in name ? `${name.kind} ${name.name}` : name.kind;
};

describe('HostNames', () => {
  // prettier-ignore
  it.each([
    'moneyflow.example', 'api.moneyflow.example', 'API.MoneyFlow.Example:443', 'moneyflow.example.', 'api.moneyflow.example.:3000',
    'localhost', 'LOCALHOST:3000', 'localhost.', '127.0.0.1', '127.0.0.1:3000', '10.1.2.3:', '[::1]', '[::1]:3000', '[2001:DB8::1]',
    'releases.internal:3002', 'GATEWAY',
  ])('takes everybody at %s', (host) => {
    expect(kindOf(host)).toBe('neutral');
  });

  it.each([
    ['estrela.moneyflow.example', 'subdomain estrela'],
    ['ESTRELA.MoneyFlow.example:8443', 'subdomain estrela'],
    ['estrela.moneyflow.example.', 'subdomain estrela'],
    ['www.moneyflow.example', 'subdomain www'],
    ['pagamentos.estrela.example', 'domain pagamentos.estrela.example'],
    ['Pagamentos.Estrela.Example.:1', 'domain pagamentos.estrela.example'],
    ['estrela.localhost', 'domain estrela.localhost'],
    ['moneyflow.example.evil.example', 'domain moneyflow.example.evil.example'],
    ['evilmoneyflow.example', 'domain evilmoneyflow.example'],
    ['xn--estrla-dva.moneyflow.example', 'subdomain xn--estrla-dva'],
    ['gateway.', 'neutral'],
  ])('reads %s as %s', (host, kind) => {
    expect(kindOf(host)).toBe(kind);
  });

  // prettier-ignore
  it.each([
    '', ' ', '.', ':', ':3000', '..', 'moneyflow.example..', 'estrela..moneyflow.example', '.moneyflow.example',
    'a.estrela.moneyflow.example', 'api.estrela.moneyflow.example', 'estrela.api.moneyflow.example',
    'estrela.moneyflow.example:99999999', 'estrela.moneyflow.example:x', 'estrela.moneyflow.example/path',
    'user@moneyflow.example', 'moneyflow.example@evil.example', 'moneyflow.example#evil.example', 'moneyflow.example\\.evil.example',
    'moneyflow.example, evil.example', 'moneyflow.example;evil', 'estrela%2emoneyflow.example', 'moneyflow%2eexample',
    'http://moneyflow.example', 'estréla.moneyflow.example', 'moneyflow。example', '[::1', '::1', '[::1]x', '[fe80::1%eth0]', '[127.0.0.1]',
    'moneyflow.example\0', '\tmoneyflow.example', 'moneyflow.example\n', `${'a'.repeat(300)}.moneyflow.example`,
  ])('gives %j to nobody', (host) => {
    expect(kindOf(host)).toBe('nobodys');
  });

  it('takes no number for an address that is not written as one', () => {
    for (const host of ['2130706433', '0x7f.1', '127.1', '0177.0.0.1', '127.0.0.256'])
      expect(kindOf(host)).toBe(`domain ${host}`);
  });

  it('answers the same the second time, and however many names came in between', () => {
    const before = names.of('estrela.moneyflow.example');
    expect(names.of('estrela.moneyflow.example')).toBe(before);
    for (let i = 0; i < 5_000; i++) names.of(`t${i}.moneyflow.example`);
    expect(names.of('estrela.moneyflow.example')).toEqual(before);
  });
});
