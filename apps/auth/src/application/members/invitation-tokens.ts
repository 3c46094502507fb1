import { TenantId } from '@libs/kernel';

/** What the link of an invitation carries: its text goes into one mail, its hash is what is stored. */
export interface InvitationToken {
  text: string;
  tenantId: TenantId;
  hash: Buffer;
}

/** Makes and reads them: opaque, 256 random bits, and the tenant to look them up in. */
export abstract class InvitationTokens {
  abstract mint(tenantId: TenantId): InvitationToken;

  /** @returns nothing when the text cannot be one of ours; whether it is one, the store knows */
  abstract read(text: string): InvitationToken | undefined;
}
