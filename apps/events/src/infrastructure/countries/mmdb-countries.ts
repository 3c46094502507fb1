import { readFile } from 'node:fs/promises';
import { CountryResponse, Reader } from 'maxmind';
import { Countries } from '../../application/countries';
import { RecentlyUsed } from '../memory/recently-used';
import { publicAddress } from './public-address';

/** The database that npm brings: public domain, from what the registries give out and where networks are announced. */
const SHIPPED = '@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb';
/** ip-location-db has the code alone; MaxMind's and DB-IP's have it in a record of the country. */
type Entry = CountryResponse & { readonly country_code?: string };
const CODE = /^[A-Z]{2}$/;
const NOWHERE = '';

/** Countries by a MaxMind DB file, read into memory as a whole (8 MB): a lookup costs 2 µs, a known address 0.1. */
export class MmdbCountries extends Countries {
  private readonly known: RecentlyUsed<string>;

  private constructor(
    private readonly reader: Reader<Entry>,
    remembered: number,
  ) {
    super();
    this.known = new RecentlyUsed(remembered);
  }

  /**
   * @param path an .mmdb of the operator's own, by country or by city
   * @throws Error when there is none, or it is of another kind
   */
  static async open(path?: string, remembered = 10_000): Promise<MmdbCountries> {
    const file = path ?? require.resolve(SHIPPED);
    try {
      return new MmdbCountries(new Reader<Entry>(await readFile(file)), remembered);
    } catch (error) {
      throw new Error(`${file} is no MaxMind DB that can be read: ${(error as Error).message}`, {
        cause: error,
      });
    }
  }

  of(ip: string): string | undefined {
    let code = this.known.get(ip);
    if (code === undefined) {
      code = this.find(ip) ?? NOWHERE;
      this.known.set(ip, code);
    }
    return code === NOWHERE ? undefined : code;
  }

  private find(ip: string): string | undefined {
    const address = publicAddress(ip);
    if (address === undefined) return undefined;
    const entry = this.reader.get(address);
    const code = entry?.country_code ?? entry?.country?.iso_code;
    return code !== undefined && CODE.test(code) ? code : undefined;
  }
}
