import { createHash, hkdfSync, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { OneTimeStore } from '@libs/redis';
import { ChallengeStore, PendingChallenge } from '../../application/challenge-store';
import { openOrNone, seal } from './sealed-text';

const ID = /^[A-Za-z0-9_-]{43}$/;

/**
 * In the one-time store, under the hash of an id of 256 random bits, and sealed with a key that only the id gives: who
 * reads the store finds neither challenges to answer nor what an identity provider said.
 */
@Injectable()
export class OneTimeChallengeStore extends ChallengeStore {
  constructor(private readonly store: OneTimeStore) {
    super();
  }

  async keep(pending: PendingChallenge, now: Date): Promise<string> {
    const id = randomBytes(32).toString('base64url');
    await this.putBack(id, pending, now);
    return id;
  }

  async take(id: string, now: Date): Promise<PendingChallenge | undefined> {
    // 43 characters hold two bits more than 32 bytes: a second spelling of an id finds nothing, as its hash differs.
    if (!ID.test(id)) return undefined;
    const sealed = await this.store.take(keyOf(id));
    if (sealed === undefined) return undefined;
    const text = openOrNone(sealed, sealingKey(id));
    if (text === undefined) return undefined;
    const kept = JSON.parse(text) as PendingChallenge;
    const pending = { ...kept, endsAt: new Date(kept.endsAt) };
    // By our own clock as well: the store's may differ.
    return pending.endsAt > now ? pending : undefined;
  }

  async putBack(id: string, pending: PendingChallenge, now: Date): Promise<void> {
    const seconds = (pending.endsAt.getTime() - now.getTime()) / 1000;
    if (seconds <= 0) return;
    await this.store.put(keyOf(id), seal(JSON.stringify(pending), sealingKey(id)), seconds);
  }
}

function keyOf(id: string): string {
  return `sign-in:${createHash('sha256').update(id).digest('base64url')}`;
}

function sealingKey(id: string): Buffer {
  return Buffer.from(hkdfSync('sha256', id, '', 'moneyflow pending sign-in', 32));
}
