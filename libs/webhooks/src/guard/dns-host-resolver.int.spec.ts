import { NameServer } from '../../test/name-server';
import { DnsHostResolver } from './host-resolver';
import { WebhookGuard } from './webhook-guard';

describe('names, looked up at a name server', () => {
  let server: NameServer;
  let resolver: DnsHostResolver;

  beforeAll(async () => {
    server = await NameServer.start({
      'loja.example': { a: ['198.41.0.4', '8.8.8.8'], aaaa: ['2001:4860:4860::8888'] },
      'quatro.example': { a: ['8.8.4.4'] },
      'seis.example': { aaaa: ['2606:4700:4700::1111'] },
      'alias.example': { cname: 'loja.example' },
      'longe.example': { cname: 'alias.example' },
      'volta.example': { cname: 'metadados.example' },
      'metadados.example': { a: ['169.254.169.254'] },
      'misto.example': { a: ['8.8.8.8', '10.0.0.7'] },
      'misto6.example': { a: ['8.8.8.8'], aaaa: ['fd00::1'] },
      'mapeado.example': { aaaa: ['::ffff:7f00:1'] },
      'vazio.example': {},
      'quebrado.example': { code: 'servfail' },
      'recusado.example': { code: 'refused' },
      'mudo.example': { silent: true },
      'lento.example': { a: ['8.8.8.8'], aaaa: ['2001:4860:4860::8844'], delayMs: 300 },
    });
    resolver = new DnsHostResolver({ servers: [server.address], tryMs: 700 });
  });
  afterAll(() => server.close());

  it.each([
    ['loja.example', ['198.41.0.4', '8.8.8.8', '2001:4860:4860::8888']],
    ['quatro.example', ['8.8.4.4']],
    ['seis.example', ['2606:4700:4700::1111']],
    ['alias.example', ['198.41.0.4', '8.8.8.8', '2001:4860:4860::8888']],
    ['longe.example', ['198.41.0.4', '8.8.8.8', '2001:4860:4860::8888']],
    ['lento.example', ['8.8.8.8', '2001:4860:4860::8844']],
    ['vazio.example', []],
    ['ninguem.example', []],
  ])('of %s: %j', async (name, addresses) => {
    expect((await resolver.addressesOf(name)).sort()).toEqual([...addresses].sort());
  });

  it.each(['quebrado.example', 'recusado.example', 'mudo.example'])(
    'of %s nobody knows, which is not to say that there is none',
    async (name) => {
      await expect(resolver.addressesOf(name)).rejects.toMatchObject({ code: 'webhook_host_lookup_failed' });
    },
    10_000,
  );

  it('are asked of that server alone, for both kinds of addresses', async () => {
    await resolver.addressesOf('quatro.example');
    expect(server.asked).toEqual(expect.arrayContaining(['A quatro.example', 'AAAA quatro.example']));
  });

  it.each([
    'volta.example',
    'misto.example',
    'misto6.example',
    'mapeado.example',
    'vazio.example',
    'ninguem.example',
  ])('that lead inside, if only by one of their addresses, are no place for a webhook: %s', async (name) => {
    const guard = new WebhookGuard(resolver, []);
    await expect(guard.check(`https://${name}/`)).rejects.toMatchObject({ code: 'webhook_host_not_public' });
  });

  it('that lead outside are, and the addresses are what was answered', async () => {
    const { addresses } = await new WebhookGuard(resolver, []).check('https://alias.example/');
    expect([...addresses].sort()).toEqual(['198.41.0.4', '2001:4860:4860::8888', '8.8.8.8']);
  });
});
