import { Clock } from '@libs/kernel';
import { NotAMember } from '../../domain/auth.errors';
import { foldEmail } from '../../domain/email';
import { Identity, IdentityRepository } from '../../domain/identity.repository';
import { User } from '../../domain/user';
import { UserRepository } from '../../domain/user.repository';
import { CognitoPerson } from './cognito-tokens';

/** Which user of ours a person of Cognito's is. Only issuer and subject say so; an e-mail may change hands. */
export class CognitoPeople {
  constructor(
    private readonly users: UserRepository,
    private readonly identities: IdentityRepository,
    private readonly clock: Clock,
  ) {}

  /** Joins who was just made at Cognito to the user who is being registered, where that row is there already. */
  async joinNew(email: string, identity: Identity): Promise<void> {
    const user = await this.users.findByEmail(email);
    if (user && (await this.isBeingMade(user)))
      await this.identities.link(identity, user.id, this.clock.now());
  }

  /** Whether a user of this e-mail is more than a row just written: then nobody may sign up for it. */
  async isTaken(email: string): Promise<boolean> {
    const user = await this.users.findByEmail(email);
    return user !== undefined && !(await this.isBeingMade(user));
  }

  /**
   * The user of a proven person. Who was registered and never linked is linked at the first sign-in, by an e-mail that
   * Cognito has verified; never somebody for whom another provider, or another person of this pool, stands.
   * @throws NotAMember when Cognito knows the person and we do not
   */
  async userOf({ issuer, subject, verifiedEmail }: CognitoPerson): Promise<User> {
    const linked = await this.identities.find({ issuer, subject });
    const user = linked ? await this.users.find(linked) : await this.unlinked(verifiedEmail);
    if (!user) throw new NotAMember();
    const now = this.clock.now();
    if (!linked) await this.identities.link({ issuer, subject }, user.id, now);
    // Cognito asked for the password and has seen the mailbox.
    if (!user.settledAt && isSame(verifiedEmail, user)) await this.users.settle(user.id, now);
    return user;
  }

  /** The linked one; where none is, who has the e-mail here: their sessions may end in vain. */
  async known(email: string, identity?: Identity): Promise<User | undefined> {
    const linked = identity ? await this.identities.find(identity) : undefined;
    return linked ? this.users.find(linked) : this.users.findByEmail(email);
  }

  private async unlinked(email: string | undefined): Promise<User | undefined> {
    const user = email === undefined ? undefined : await this.users.findByEmail(foldEmail(email));
    return user && (await this.isFree(user)) ? user : undefined;
  }

  /** A password of ours, or anybody's word, makes a user somebody. */
  private async isBeingMade(user: User): Promise<boolean> {
    return user.passwordHash === undefined && (await this.isFree(user));
  }

  private async isFree(user: User): Promise<boolean> {
    return (await this.identities.ofUser(user.id)).length === 0;
  }
}

function isSame(email: string | undefined, user: User): boolean {
  return email !== undefined && foldEmail(email) === user.email;
}
