import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MmdbCountries } from './mmdb-countries';
import { publicAddress } from './public-address';

describe('countries of addresses', () => {
  let countries: MmdbCountries;
  beforeAll(async () => {
    countries = await MmdbCountries.open();
  });

  it.each([
    ['200.160.2.3', 'BR'],
    ['177.10.0.1', 'BR'],
    ['2804:14c::1', 'BR'],
    ['2804:014C:0000::0001', 'BR'],
    ['8.8.8.8', 'US'],
    ['2001:4860:4860::8888', 'US'],
    ['::ffff:200.160.2.3', 'BR'],
    ['::FFFF:c8a0:203', 'BR'],
    ['0:0:0:0:0:ffff:200.160.2.3', 'BR'],
    ['64:ff9b::200.160.2.3', 'BR'],
    ['2002:c8a0:203::1', 'BR'],
  ])('%s is in %s', (ip, country) => {
    expect(countries.of(ip)).toBe(country);
    expect(countries.of(ip)).toBe(country);
  });

  it.each([
    '10.0.0.1',
    '127.0.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    '169.254.169.254',
    '224.0.0.1',
    '255.255.255.255',
    '0.0.0.0',
    '::',
    '::1',
    '::ffff:192.168.1.1',
    '::ffff:10.1.2.3',
    '64:ff9b::7f00:1',
    '2002:0a00:0001::1',
    'fe80::1',
    'fe80::1%eth0',
    'fd00::1',
    'ff02::1',
    '2001:db8::1',
    '',
    'garbage',
    '1.2.3',
    '999.1.1.1',
    '200.160.2.3, 8.8.8.8',
    '200.160.2.3:443',
    '0x7f.1',
    '٢٠٠.160.2.3',
  ])('%j is in none', (ip) => {
    expect(countries.of(ip)).toBeUndefined();
    expect(countries.of(ip)).toBeUndefined();
  });

  it('leaves public addresses as they are, but for one spelling', () => {
    expect(publicAddress('172.32.0.1')).toBe('172.32.0.1');
    expect(publicAddress('2A00:1450:0:0::1')).toBe('2a00:1450::1');
  });

  it('refuses a file that is no such database when it is opened, not when it is asked', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mmdb-'));
    try {
      const path = join(folder, 'x.mmdb');
      writeFileSync(path, 'not a database');
      await expect(MmdbCountries.open(path)).rejects.toThrow(`${path} is no MaxMind DB`);
      await expect(MmdbCountries.open(join(folder, 'none.mmdb'))).rejects.toThrow('ENOENT');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
