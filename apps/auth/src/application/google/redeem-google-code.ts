import { Injectable } from '@nestjs/common';
import { Clock, DomainError } from '@libs/kernel';
import { GoogleCodeInvalid } from '../../domain/google.errors';
import { OpenIdProvider } from './openid-provider';
import { GoogleErrand, GoogleFlows, GoogleProof } from './google-flows';

export interface GoogleCode {
  code: string;
  codeVerifier: string;
}

/** Takes a code for Google's word about a person, once. */
@Injectable()
export class RedeemGoogleCode {
  constructor(
    private readonly provider: OpenIdProvider,
    private readonly flows: GoogleFlows,
    private readonly clock: Clock,
  ) {}

  /**
   * Hands the proof to `use`. Where that refuses, who holds the code may come again with something else (another
   * subdomain, the name of a tenant), a few times, until the code ends.
   * @throws GoogleNotConfigured, GoogleCodeInvalid, and what `use` throws
   */
  async execute<T>(
    { code, codeVerifier }: GoogleCode,
    purpose: GoogleErrand['purpose'],
    use: (proof: GoogleProof) => Promise<T>,
  ): Promise<T> {
    this.provider.requireConfigured();
    const proof = await this.flows.takeProof(code, codeVerifier, this.clock.now());
    if (!proof || proof.purpose !== purpose) throw new GoogleCodeInvalid();
    try {
      return await use(proof);
    } catch (error) {
      const triesLeft = proof.triesLeft - 1;
      if (error instanceof DomainError && triesLeft > 0)
        await this.flows.putProofBack(code, { ...proof, triesLeft }, this.clock.now());
      throw error;
    }
  }
}
