import { randomUUID } from 'node:crypto';
import { Clock } from '@libs/kernel';
import { Claim, OneTimeStore } from '../one-time-store';
import { BoundedMap } from './bounded-map';

interface Held {
  readonly inputHash: string;
  readonly token?: string;
  readonly answer?: string;
}

/** One process's own; when it is full the oldest goes, and what is derived from a key stays the same all the same. */
export class InProcessOneTimeStore extends OneTimeStore {
  private readonly claims: BoundedMap<Held>;
  private readonly values: BoundedMap<string>;

  constructor(private readonly clock: Clock) {
    super();
    const now = (): number => clock.now().getTime();
    const most = { entries: 200_000, characters: 32 * 1024 * 1024 };
    this.claims = new BoundedMap(most, now);
    this.values = new BoundedMap(most, now);
  }

  async claim(key: string, inputHash: string, leaseSeconds: number): Promise<Claim> {
    const held = this.claims.get(key);
    if (!held) {
      const token = `${randomUUID()} ${inputHash}`;
      this.claims.set(key, { inputHash, token }, this.in(leaseSeconds), token.length);
      return { state: 'claimed', token };
    }
    if (held.inputHash !== inputHash) return { state: 'mismatch' };
    return held.answer === undefined ? { state: 'in_flight' } : { state: 'done', answer: held.answer };
  }

  async complete(key: string, token: string, answer: string, ttlSeconds: number): Promise<void> {
    const held = this.claims.get(key);
    if (held && held.token !== token) return;
    const inputHash = token.slice(token.indexOf(' ') + 1);
    this.claims.set(key, { inputHash, answer }, this.in(ttlSeconds), inputHash.length + answer.length);
  }

  async release(key: string, token: string): Promise<void> {
    if (this.claims.get(key)?.token === token) this.claims.delete(key);
  }

  async put(key: string, value: string, ttlSeconds: number): Promise<void> {
    this.values.set(key, value, this.in(ttlSeconds), value.length);
  }

  async take(key: string): Promise<string | undefined> {
    const value = this.values.get(key);
    this.values.delete(key);
    return value;
  }

  private in(seconds: number): number {
    return this.clock.now().getTime() + seconds * 1000;
  }
}
