import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  FLOW_SECONDS,
  GoogleErrand,
  GoogleFlow,
  GoogleFlows,
  GoogleProof,
} from '../../application/google/google-flows';
import { SealedOneTimeStore } from '../challenges/sealed-one-time-store';

const FLOW = 'google-flow';
const PROOF = 'google-proof';
const TEXT = /^[A-Za-z0-9_-]{43}$/;

/**
 * In the one-time store, under 256 random bits each: who reads the store finds neither a sign-in to finish nor a code to
 * redeem, and who writes to it makes no word of Google's.
 */
@Injectable()
export class OneTimeGoogleFlows extends GoogleFlows {
  constructor(private readonly store: SealedOneTimeStore) {
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
    await this.store.put(FLOW, flow.state, flow, FLOW_SECONDS);
    return flow;
  }

  async finish(state: string, browserSecret: string | undefined): Promise<GoogleFlow | undefined> {
    const flow = await this.take<GoogleFlow>(FLOW, state);
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
    const kept = await this.take<GoogleProof>(PROOF, code);
    if (!kept) return undefined;
    const proof = { ...kept, endsAt: new Date(kept.endsAt) };
    const challenge = createHash('sha256').update(codeVerifier).digest('base64url');
    return proof.endsAt > now && isSame(proof.codeChallenge, challenge) ? proof : undefined;
  }

  async putProofBack(code: string, proof: GoogleProof, now: Date): Promise<void> {
    const seconds = (proof.endsAt.getTime() - now.getTime()) / 1000;
    if (seconds > 0) await this.store.put(PROOF, code, proof, seconds);
  }

  private async take<T>(kind: typeof FLOW | typeof PROOF, text: string): Promise<T | undefined> {
    return TEXT.test(text) ? this.store.take<T>(kind, text) : undefined;
  }
}

function random(): string {
  return randomBytes(32).toString('base64url');
}

function isSame(kept: string, given: string): boolean {
  const [left, right] = [Buffer.from(kept), Buffer.from(given)];
  return left.length === right.length && timingSafeEqual(left, right);
}
