/** What the public DNS says. */
export abstract class TxtRecords {
  /** The texts of a name's TXT records; none where there is no such name. @throws DnsUnavailable */
  abstract lookUp(name: string): Promise<string[]>;
}
