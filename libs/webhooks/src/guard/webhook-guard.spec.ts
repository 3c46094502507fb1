import fc from 'fast-check';
import { BlockList } from 'node:net';
import { FakeResolver, LOOPBACK } from '../../test/fake-resolver';
import { HostLookupFailed } from '../webhook.errors';
import { HostResolver } from './host-resolver';
import { ipAddress, ipNetwork, isWithin } from './ip-network';
import { isPublic, mayBeReached } from './public-addresses';
import { WebhookGuard } from './webhook-guard';

const PUBLIC_V4 = '93.184.216.34';
const PUBLIC_V6 = '2606:2800:220:1:248:1893:25c8:1946';

const guardOf = (names: FakeResolver['names'] = {}, allowed = LOOPBACK.slice(0, 0)) =>
  new WebhookGuard(new FakeResolver(names), allowed);

const codeOf = async (url: string, guard = guardOf({ 'loja.example': [PUBLIC_V4] })): Promise<string> => {
  try {
    await guard.check(url);
    return 'allowed';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('an address', () => {
  it.each([
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.1',
    '100.64.0.1',
    '100.100.100.200',
    '127.0.0.1',
    '127.255.255.254',
    '168.63.129.16',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.192',
    '192.0.2.1',
    '192.88.99.1',
    '192.168.1.1',
    '198.18.0.1',
    '198.51.100.7',
    '203.0.113.7',
    '224.0.0.1',
    '239.255.255.255',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
    '::127.0.0.1',
    '::ffff:0:127.0.0.1',
    '64:ff9b::169.254.169.254',
    '64:ff9b:1::1',
    '64:ff9b:1:fffe::8.8.8.8',
    '100::1',
    '2001::1',
    '2001:0:4136:e378:8000:63bf:3fff:fdd2',
    '2001:2::1',
    '2001:db8::1',
    '2002:7f00:1::1',
    '2002:a9fe:a9fe::',
    '3fff::1',
    '5f00::1',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    'not an address',
  ])('%s is not sent to', (address) => {
    expect(mayBeReached(address, [])).toBe(false);
  });

  it.each(['1.1.1.1', '8.8.8.8', PUBLIC_V4, '100.63.255.255', '100.128.0.1', '172.15.0.1', '172.32.0.1'])(
    '%s is public',
    (address) => {
      expect(mayBeReached(address, [])).toBe(true);
      expect(mayBeReached(`::ffff:${address}`, [])).toBe(true);
      expect(mayBeReached(`64:ff9b::${address}`, [])).toBe(true);
    },
  );

  it.each([PUBLIC_V6, '2a00:1450:4001:82a::200e', '2001:200::1', '2001:4860:4860::8888'])(
    '%s is public',
    (address) => {
      expect(mayBeReached(address, [])).toBe(true);
    },
  );

  it('is in a network exactly where node says so', () => {
    const v4 = fc.tuple(fc.ipV4(), fc.ipV4(), fc.integer({ min: 0, max: 32 }), fc.constant('ipv4' as const));
    const v6 = fc.tuple(fc.ipV6(), fc.ipV6(), fc.integer({ min: 0, max: 128 }), fc.constant('ipv6' as const));
    fc.assert(
      fc.property(fc.oneof(v4, v6), fc.boolean(), ([one, other, prefix, family], same) => {
        const host = same ? one : other;
        const list = new BlockList();
        list.addSubnet(one, prefix, family);
        const [address, network] = [ipAddress(host), ipNetwork(`${one}/${prefix}`)];
        if (!address || !network) throw new Error(`${host} or ${one}/${prefix} was not understood`);
        expect(isWithin(address, network)).toBe(list.check(host, family));
      }),
      { numRuns: 2_000 },
    );
  });

  it('in an IPv6 coat is as public as without it', () => {
    fc.assert(
      fc.property(fc.ipV4(), (text) => {
        const [bare, mapped] = [ipAddress(text), ipAddress(`::ffff:${text}`)];
        if (!bare || !mapped) throw new Error(text);
        expect(isPublic(mapped)).toBe(isPublic(bare));
      }),
    );
  });

  it.each([
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0/8',
    'fd00::/129',
    '10.0.0.0/8/8',
    '',
    'fe80::1%lo/64',
    '10.0.0.0/-1',
  ])('%s is no network', (text) => expect(ipNetwork(text)).toBeUndefined());
});

describe('the guard', () => {
  it.each([
    'https://loja.example/hook',
    'https://loja.example:443/',
    'https://loja.example:8443/a?b=c',
    'https://LOJA.example./hook',
    `https://${PUBLIC_V4}/`,
    `https://[${PUBLIC_V6}]/`,
    'https://[::ffff:8.8.8.8]/',
  ])('lets %s pass', async (url) => {
    expect(await codeOf(url)).toBe('allowed');
  });

  it.each([
    ['https://2130706433/', 'webhook_host_not_public'],
    ['https://0x7f000001/', 'webhook_host_not_public'],
    ['https://0177.0.0.1/', 'webhook_host_not_public'],
    ['https://127.1/', 'webhook_host_not_public'],
    ['https://0/', 'webhook_host_not_public'],
    ['https://169.254.169.254/latest/meta-data', 'webhook_host_not_public'],
    ['https://0xa9.0xfe.0xa9.0xfe/', 'webhook_host_not_public'],
    ['https://①②⑦.0.0.1/', 'malformed_webhook_url'],
    ['https://%31%32%37.0.0.1/', 'webhook_host_not_public'],
    ['https://[::1]/', 'webhook_host_not_public'],
    ['https://[::ffff:127.0.0.1]/', 'webhook_host_not_public'],
    ['https://[64:ff9b::7f00:1]/', 'webhook_host_not_public'],
    ['https://[fe80::1%25eth0]/', 'malformed_webhook_url'],
    ['https://localhost/', 'webhook_host_not_public'],
    ['https://localhost./', 'webhook_host_not_public'],
    ['https://a.localhost/', 'webhook_host_not_public'],
    ['https://printer.local/', 'webhook_host_not_public'],
    ['https://metadata.google.internal/', 'webhook_host_not_public'],
    ['https://postgres/', 'webhook_host_not_public'],
    ['https://unknown.example/', 'webhook_host_not_public'],
    ['https://user:password@loja.example/', 'webhook_url_with_credentials'],
    ['https://@loja.example/', 'webhook_url_with_credentials'],
    ['https://loja.example:80/', 'webhook_port_not_allowed'],
    ['https://loja.example:22/', 'webhook_port_not_allowed'],
    ['https://loja.example:0/', 'webhook_port_not_allowed'],
    ['https://loja.example:99999/', 'malformed_webhook_url'],
    ['http://loja.example/', 'webhook_url_not_https'],
    ['ftp://loja.example/', 'webhook_url_not_https'],
    ['file:///etc/passwd', 'webhook_url_not_https'],
    ['javascript:alert(1)', 'webhook_url_not_https'],
    ['https://loja.example/#x', 'malformed_webhook_url'],
    ['https://loja.example\\@127.0.0.1/', 'malformed_webhook_url'],
    ['https://loja.example\r\nx: y/', 'malformed_webhook_url'],
    ['ht\ttps://127.0.0.1/', 'malformed_webhook_url'],
    ['//loja.example/', 'malformed_webhook_url'],
    ['', 'malformed_webhook_url'],
    [`https://loja.example/${'a'.repeat(2_048)}`, 'malformed_webhook_url'],
  ])('refuses %j as %s', async (url, code) => {
    expect(await codeOf(url)).toBe(code);
  });

  it('refuses a name as soon as one of its addresses is not public', async () => {
    for (const inside of ['10.0.0.1', '::1', 'fd00::1', '169.254.169.254']) {
      const guard = guardOf({ 'loja.example': [PUBLIC_V4, PUBLIC_V6, inside] });
      expect(await codeOf('https://loja.example/', guard)).toBe('webhook_host_not_public');
    }
  });

  it('asks nobody about names that could only lead inside', async () => {
    const resolver = new FakeResolver();
    await codeOf('https://vault.internal/', new WebhookGuard(resolver, []));
    await codeOf('https://10.0.0.1/', new WebhookGuard(resolver, []));
    expect(resolver.asked).toEqual([]);
  });

  it('says that names cannot be looked up, rather than that they are bad', async () => {
    class Away extends HostResolver {
      addressesOf(): Promise<string[]> {
        return Promise.reject(new HostLookupFailed());
      }
    }
    expect(await codeOf('https://loja.example/', new WebhookGuard(new Away(), []))).toBe(
      'webhook_host_lookup_failed',
    );
  });

  it('lets an installation allow networks of its own, by plain HTTP and under private names, and nothing else', async () => {
    const names = { 'receiver.internal': ['127.0.0.1'], 'mixed.internal': ['127.0.0.1', PUBLIC_V4] };
    const guard = guardOf({ ...names, 'loja.example': [PUBLIC_V4] }, LOOPBACK);
    expect(await codeOf('http://127.0.0.1:8080/', guard)).toBe('allowed');
    expect(await codeOf('http://receiver.internal:8080/', guard)).toBe('allowed');
    expect(await codeOf('https://mixed.internal/', guard)).toBe('webhook_host_not_public');
    expect(await codeOf('http://loja.example:8080/', guard)).toBe('webhook_url_not_https');
    expect(await codeOf('http://10.0.0.1:8080/', guard)).toBe('webhook_host_not_public');
  });
});
