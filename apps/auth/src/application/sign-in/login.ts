import { Injectable } from '@nestjs/common';
import { Origin } from '../../domain/session';
import { AdvanceSignIn, SignInOutcome } from './advance-sign-in';
import { IdentityProvider } from './identity-provider';

export interface Credentials {
  email: string;
  password: string;
  /** Subdomain; needed only by who belongs to several tenants. */
  tenant?: string;
  origin: Origin;
}

/** The password step of a sign-in. */
@Injectable()
export class Login {
  constructor(
    private readonly provider: IdentityProvider,
    private readonly advanceSignIn: AdvanceSignIn,
  ) {}

  /**
   * @throws InvalidCredentials, EmailNotConfirmed, PasswordResetRequired, TenantRequired, NotAMember, TenantSuspended,
   *   PasswordChecksBusy, TooManyAttempts, IdentityProviderUnavailable
   */
  async execute({ email, password, tenant, origin }: Credentials): Promise<SignInOutcome> {
    const step = await this.provider.signIn({ email, password });
    const purpose = { kind: 'sign_in', subdomain: tenant } as const;
    return this.advanceSignIn.execute({ step, answerer: 'provider', purpose, origin });
  }
}
