import { UserId } from '@libs/kernel';
import { Invitation } from './invitation';
import { Role } from './role';

/** Invitations of the tenant of the transaction. An open one is neither accepted, nor withdrawn, nor outdated. */
export abstract class InvitationRepository {
  /**
   * Takes the place of an open one to the same e-mail, whose link is dead from then on.
   * @returns what the one in whose place it came offered, where there was one
   */
  abstract add(invitation: Invitation, tokenHash: Buffer): Promise<Role | undefined>;

  abstract findOpen(tokenHash: Buffer, now: Date): Promise<Invitation | undefined>;

  /** Marks it as accepted: of any number of takers one gets it, once its transaction commits. */
  abstract take(tokenHash: Buffer, now: Date): Promise<Invitation | undefined>;

  /** @returns what was open until now, or nothing when it was not */
  abstract withdraw(id: string, now: Date): Promise<Invitation | undefined>;

  /** Withdraws all that this member sent. */
  abstract withdrawBy(userId: UserId, now: Date): Promise<void>;

  /** Open ones, the newest first; `after` is the last of the page before. */
  abstract page(page: {
    now: Date;
    limit: number;
    after?: { createdAt: string; id: string };
  }): Promise<Invitation[]>;
}
