import { Injectable } from '@nestjs/common';
import { ReturnAddressRefused } from '../../domain/google.errors';
import { GoogleErrand, GoogleFlow, GoogleFlows } from './google-flows';
import { OpenIdProvider } from './openid-provider';
import { ReturnAddresses } from './return-addresses';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);
const MAX_LENGTH = 2_000;

/** Sends a browser to Google. */
@Injectable()
export class BeginGoogleSignIn {
  constructor(
    private readonly provider: OpenIdProvider,
    private readonly flows: GoogleFlows,
    private readonly addresses: ReturnAddresses,
  ) {}

  /** @throws GoogleNotConfigured, ReturnAddressRefused, IdentityProviderUnavailable */
  async execute(errand: GoogleErrand): Promise<{ url: string; flow: GoogleFlow }> {
    this.provider.requireConfigured();
    const returnTo = this.pageOf(errand);
    const flow = await this.flows.begin({ ...errand, returnTo });
    return { url: await this.provider.authorizationUrl(flow), flow };
  }

  private pageOf({ returnTo, purpose }: GoogleErrand): string {
    if (returnTo.length > MAX_LENGTH || !URL.canParse(returnTo)) throw new ReturnAddressRefused();
    const url = new URL(returnTo);
    const secure = url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.has(url.hostname));
    const bare = url.username === '' && url.password === '' && url.hash === '';
    // A link is the account's in every tenant; no tenant's own page may bring it about.
    const known =
      this.addresses.isOurs(url.origin) ||
      (purpose === 'sign_in' && this.addresses.isSomeTenants(url.origin));
    if (!secure || !bare || !known) throw new ReturnAddressRefused();
    return url.href;
  }
}
