import { Injectable } from '@nestjs/common';
import { ReturnAddressRefused } from '../../domain/google.errors';
import { chooseMembership } from '../../domain/membership';
import { MembershipRepository } from '../../domain/membership.repository';
import { Origin } from '../../domain/session';
import { User } from '../../domain/user';
import { AdvanceSignIn, SignInOutcome } from '../sign-in/advance-sign-in';
import { GoogleProof } from './google-flows';
import { PersonByGoogle } from './person-by-google';
import { GoogleCode, RedeemGoogleCode } from './redeem-google-code';
import { ReturnAddresses } from './return-addresses';
import { SecondFactorGate } from '../sign-in/second-factor-gate';

/** What a frontend sends for tokens. */
export interface GoogleSignIn extends GoogleCode {
  /** The subdomain of the tenant to sign in to; needed only by who belongs to several. */
  tenant?: string;
  /** Somebody new founds a company. */
  newTenant?: { name: string; subdomain: string };
  /** Somebody joins by the text of an invitation's link. */
  invitation?: string;
  /** The tenant whose host the request came to. */
  hostTenant?: string;
  origin: Origin;
}

/** Google's word, and our own second factor where the person has one, lead to a session. */
@Injectable()
export class SignInByGoogle {
  constructor(
    private readonly redeem: RedeemGoogleCode,
    private readonly person: PersonByGoogle,
    private readonly memberships: MembershipRepository,
    private readonly addresses: ReturnAddresses,
    private readonly secondFactor: SecondFactorGate,
    private readonly advance: AdvanceSignIn,
  ) {}

  /**
   * @throws GoogleCodeInvalid, AccountExists, EmailNotVerified, GoogleSignInUnavailable, RegistrationNeeded,
   *   ReturnAddressRefused, and what founding a tenant, accepting an invitation and opening a session throw
   */
  execute(input: GoogleSignIn): Promise<SignInOutcome> {
    return this.redeem.execute(input, 'sign_in', (proof) => this.signIn(input, proof));
  }

  private async signIn(input: GoogleSignIn, proof: GoogleProof): Promise<SignInOutcome> {
    const page = new URL(proof.returnTo).origin;
    if (input.newTenant && !this.addresses.isOurs(page)) throw new ReturnAddressRefused();
    const { user, joined } = await this.person.find(proof.person, input);
    const subdomain = await this.tenantFor(user, page, joined ?? input.tenant, input.hostTenant);
    const step = await this.secondFactor.require(user, ['fed']);
    const { origin } = input;
    return this.advance.execute({
      step,
      answerer: 'totp',
      purpose: { kind: 'sign_in', subdomain },
      user,
      origin,
    });
  }

  /**
   * One that may have its sessions at that page: the page of one tenant would otherwise collect the sessions that its
   * visitors have with another, since Google asks them nothing the second time.
   */
  private async tenantFor(
    user: User,
    page: string,
    named: string | undefined,
    host: string | undefined,
  ): Promise<string> {
    const memberships = (await this.memberships.ofPerson(user.id)).filter(
      ({ tenantId, subdomain }) =>
        this.addresses.admits(page, tenantId) && (host === undefined || host === subdomain),
    );
    return chooseMembership(memberships, named).subdomain;
  }
}
