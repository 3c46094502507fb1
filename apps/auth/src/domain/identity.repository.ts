import { UserId } from '@libs/kernel';

/** Who a person is to another provider. Only the pair names a person: a subject is unique within its issuer alone. */
export interface Identity {
  /** `iss` of the provider's tokens, exactly as it is written there. */
  readonly issuer: string;
  /** `sub` of the provider's tokens. */
  readonly subject: string;
}

/** The links between our users and other providers' people. Global, as users are; a user has one identity an issuer. */
export abstract class IdentityRepository {
  abstract find(identity: Identity): Promise<UserId | undefined>;

  /**
   * Linking the same pair again changes nothing: two first sign-ins may race.
   * @throws IdentityLinkedElsewhere when the identity is another user's, or the user has another one of this issuer
   */
  abstract link(identity: Identity, userId: UserId, now: Date): Promise<void>;

  /** Takes away all of a user's identities but that of `kept`. @returns the issuers of those there were */
  abstract unlink(userId: UserId, kept: string | undefined): Promise<string[]>;

  abstract ofUser(userId: UserId): Promise<Identity[]>;
}
