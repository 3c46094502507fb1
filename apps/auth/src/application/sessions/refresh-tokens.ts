import { TenantId } from '@libs/kernel';

/** A refresh token in hand: its text goes to the client alone, its hash is what is stored. */
export interface RefreshToken {
  text: string;
  tenantId: TenantId;
  hash: Buffer;
}

/** Makes and reads refresh tokens: opaque, 256 random bits, and the tenant to look them up in. */
export abstract class RefreshTokens {
  abstract mint(tenantId: TenantId): RefreshToken;

  /** @returns nothing when the text cannot be one of ours; whether it is one, the store knows */
  abstract read(text: string): RefreshToken | undefined;

  /** Encrypts the successor so that only who holds the predecessor's text can open it. */
  abstract seal(successor: RefreshToken, predecessor: RefreshToken): Buffer;

  /** @throws Error when it was not sealed for this predecessor */
  abstract unseal(sealed: Buffer, predecessor: RefreshToken): RefreshToken;
}
