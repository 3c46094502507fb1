import { UserId } from '@libs/kernel';
import { Role } from '../../domain/role';

/** A member as the tenant's list shows one. */
export interface ListedMember {
  userId: UserId;
  email: string;
  name: string;
  role: Role;
  joinedAt: Date;
}

export abstract class MemberReader {
  /** Members of the tenant of the transaction in the order they joined; `after` is the last of the page before. */
  abstract page(page: {
    limit: number;
    after?: { joinedAt: string; userId: string };
  }): Promise<ListedMember[]>;
}
