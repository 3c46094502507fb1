import { createHash, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { OneTimeStore } from '@libs/redis';
import {
  FLOW_SECONDS,
  GoogleErrand,
  GoogleFlow,
  GoogleFlows,
  GoogleProof,
} from '../../application/google-flows';
import { openOrNone, seal } from '../challenges/sealed-text';

const TEXT = /^[A-Za-z0-9_-]{43}$/;

/**
 * In the one-time store, under hashes of 256 random bits and sealed with what only those bits give: who reads the store
 * finds neither a sign-in to finish nor a code to redeem.
 */
@Injectable()
export class OneTimeGoogleFlows extends GoogleFlows {
  constructor(private readonly store: OneTimeStore) {
    super();
  }

  async begin(errand: GoogleErrand): Promise<GoogleFlow> {
    const flow: GoogleFlow = {
      ...errand,
      state: random(),
      nonce: random(),
      codeVerifier: random(),
      browserSecret: random(),
    };
    await this.put('flow', flow.state, flow, FLOW_SECONDS);
    return flow;
  }

  async finish(state: string, browserSecret: string | undefined): Promise<GoogleFlow | undefined> {
    const flow = await this.take<GoogleFlow>('flow', state);
    return flow && browserSecret !== undefined && isSame(flow.browserSecret, browserSecret)
      ? flow
      : undefined;
  }

  async keepProof(proof: GoogleProof, now: Date): Promise<string> {
    const code = random();
    await this.putProofBack(code, proof, now);
    return code;
  }

  async takeProof(code: string, codeVerifier: string, now: Date): Promise<GoogleProof | undefined> {
    const kept = await this.take<GoogleProof>('proof', code);
    if (!kept) return undefined;
    const proof = { ...kept, endsAt: new Date(kept.endsAt) };
    const challenge = createHash('sha256').update(codeVerifier).digest('base64url');
    return proof.endsAt > now && isSame(proof.codeChallenge, challenge) ? proof : undefined;
  }

  async putProofBack(code: string, proof: GoogleProof, now: Date): Promise<void> {
    const seconds = (proof.endsAt.getTime() - now.getTime()) / 1000;
    if (seconds > 0) await this.put('proof', code, proof, seconds);
  }

  private put(kind: string, text: string, value: object, seconds: number): Promise<void> {
    return this.store.put(keyOf(kind, text), seal(JSON.stringify(value), sealingKey(kind, text)), seconds);
  }

  private async take<T>(kind: string, text: string): Promise<T | undefined> {
    if (!TEXT.test(text)) return undefined;
    const sealed = await this.store.take(keyOf(kind, text));
    const opened = sealed === undefined ? undefined : openOrNone(sealed, sealingKey(kind, text));
    return opened === undefined ? undefined : (JSON.parse(opened) as T);
  }
}

function random(): string {
  return randomBytes(32).toString('base64url');
}

function keyOf(kind: string, text: string): string {
  return `google-${kind}:${createHash('sha256').update(text).digest('base64url')}`;
}

function sealingKey(kind: string, text: string): Buffer {
  return Buffer.from(hkdfSync('sha256', text, '', `moneyflow google ${kind}`, 32));
}

function isSame(kept: string, given: string): boolean {
  const [left, right] = [Buffer.from(kept), Buffer.from(given)];
  return left.length === right.length && timingSafeEqual(left, right);
}
