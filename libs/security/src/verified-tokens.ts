import { Person } from './principal';

interface Entry {
  readonly principal: Person;
  readonly kid: string;
}

/**
 * The tokens verified lately, least recently used out first, so that a busy client's token pays for one signature
 * check and not one a request. Whoever reads it checks expiry, key and deny list again each time.
 */
export class VerifiedTokens {
  // A Map keeps insertion order: re-inserting on a hit makes its first key the least recently used.
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly capacity: number) {}

  get(token: string): Entry | undefined {
    const entry = this.entries.get(token);
    if (entry) {
      this.entries.delete(token);
      this.entries.set(token, entry);
    }
    return entry;
  }

  set(token: string, entry: Entry): void {
    this.entries.delete(token);
    if (this.entries.size >= this.capacity) {
      const oldest = this.entries.keys().next();
      if (!oldest.done) this.entries.delete(oldest.value);
    }
    this.entries.set(token, entry);
  }

  delete(token: string): void {
    this.entries.delete(token);
  }

  get size(): number {
    return this.entries.size;
  }
}
