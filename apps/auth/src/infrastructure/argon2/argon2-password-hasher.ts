import { hash, Options, verify } from '@node-rs/argon2';
import { randomBytes } from 'node:crypto';
import { PasswordHasher } from '../../application/sign-in/password-hasher';
import { PasswordChecksBusy } from '../../domain/auth.errors';
import { BoundedGate } from './bounded-gate';

/** OWASP's first choice for Argon2id: 19 MiB, two passes; about 30 ms. */
export const ARGON2ID: Options = {
  // Argon2id: the library's enum has no value at run time.
  algorithm: 2,
  memoryCost: 19_456,
  timeCost: 2,
  parallelism: 1,
};

export interface HashingSettings {
  /** Hashes at once: each takes 19 MiB and a thread. */
  concurrency: number;
  /** How many may wait for their turn. */
  queue: number;
}

/** Argon2id on libuv's threads, a few at a time: a wave of sign-ins gets 503s, not all memory and every thread. */
export class Argon2PasswordHasher extends PasswordHasher {
  private readonly gate: BoundedGate;

  private constructor(
    settings: HashingSettings,
    private readonly nobodys: string,
  ) {
    super();
    this.gate = new BoundedGate(settings.concurrency, settings.queue, () => new PasswordChecksBusy());
  }

  /** Makes, with the same cost as all others, the hash that unknown accounts are compared with. */
  static async create(settings: HashingSettings): Promise<Argon2PasswordHasher> {
    return new Argon2PasswordHasher(settings, await hash(randomBytes(32), ARGON2ID));
  }

  hash(password: string): Promise<string> {
    return this.gate.run(() => hash(password, ARGON2ID));
  }

  async verify(password: string, stored: string | undefined): Promise<boolean> {
    const matches = await this.gate.run(() => verify(stored ?? this.nobodys, password));
    return matches && stored !== undefined;
  }

  isOutdated(stored: string): boolean {
    const parametersOf = (text: string) => text.split('$').slice(0, 4).join('$');
    return parametersOf(stored) !== parametersOf(this.nobodys);
  }
}
