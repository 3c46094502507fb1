import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ChallengeStore, PendingChallenge } from '../../application/sign-in/challenge-store';
import { SealedOneTimeStore } from './sealed-one-time-store';

const KIND = 'sign-in';
const ID = /^[A-Za-z0-9_-]{43}$/;

/**
 * In the one-time store, under an id of 256 random bits: who reads the store finds neither challenges to answer nor what
 * an identity provider said, and who writes to it makes none.
 */
@Injectable()
export class OneTimeChallengeStore extends ChallengeStore {
  constructor(private readonly store: SealedOneTimeStore) {
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
    const kept = await this.store.take<PendingChallenge>(KIND, id);
    if (!kept) return undefined;
    const pending = { ...kept, endsAt: new Date(kept.endsAt) };
    // By our own clock as well: the store's may differ.
    return pending.endsAt > now ? pending : undefined;
  }

  async putBack(id: string, pending: PendingChallenge, now: Date): Promise<void> {
    const seconds = (pending.endsAt.getTime() - now.getTime()) / 1000;
    if (seconds > 0) await this.store.put(KIND, id, pending, seconds);
  }
}
