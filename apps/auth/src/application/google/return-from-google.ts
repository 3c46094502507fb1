import { Injectable } from '@nestjs/common';
import { Clock, DomainError } from '@libs/kernel';
import { GoogleStateUnknown } from '../../domain/google.errors';
import { GoogleFlow, GoogleFlows, PROOF_SECONDS, PROOF_TRIES } from './google-flows';
import { OpenIdProvider } from './openid-provider';

/** Takes a browser that comes back from Google, and sends it on to the page that asked. */
@Injectable()
export class ReturnFromGoogle {
  constructor(
    private readonly provider: OpenIdProvider,
    private readonly flows: GoogleFlows,
    private readonly clock: Clock,
  ) {}

  /**
   * @param answer the query as it came
   * @param browserSecret what the browser that began was given
   * @returns the page, with `code`, or with `error` where the sign-in failed
   * @throws GoogleNotConfigured; GoogleStateUnknown: then there is no page that could be trusted
   */
  async execute(answer: URLSearchParams, browserSecret: string | undefined): Promise<string> {
    this.provider.requireConfigured();
    const [state, ...more] = answer.getAll('state');
    if (state === undefined || more.length > 0) throw new GoogleStateUnknown();
    const flow = await this.flows.finish(state, browserSecret);
    if (!flow) throw new GoogleStateUnknown();
    return pageWith(flow.returnTo, await this.resultOf(answer, flow));
  }

  private async resultOf(answer: URLSearchParams, flow: GoogleFlow): Promise<Result> {
    try {
      return { code: await this.prove(answer, flow) };
    } catch (error) {
      // a person looks at a browser: the page that sent them says it better than a problem document
      if (error instanceof DomainError) return { error: error.code };
      throw error;
    }
  }

  private async prove(answer: URLSearchParams, flow: GoogleFlow): Promise<string> {
    const person = await this.provider.redeem(answer, flow);
    const { purpose, returnTo, codeChallenge } = flow;
    const now = this.clock.now();
    const endsAt = new Date(now.getTime() + PROOF_SECONDS * 1000);
    const proof = { purpose, returnTo, codeChallenge, person, triesLeft: PROOF_TRIES, endsAt };
    return this.flows.keepProof(proof, now);
  }
}

type Result = { code: string } | { error: string };

function pageWith(returnTo: string, result: Result): string {
  const url = new URL(returnTo);
  for (const name of ['code', 'error']) url.searchParams.delete(name);
  for (const [name, value] of Object.entries(result)) url.searchParams.set(name, value);
  return url.href;
}
