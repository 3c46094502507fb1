import { createHash, randomInt } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { OneTimeCodes } from '../../application/sign-in/one-time-codes';

const TOTP_CODE = /^\d{6}$/;
// RFC 6238 and what every authenticator app assumes without being told.
const AUTHENTICATOR = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
const SECRET_BYTES = 20;
// Crockford's Base32: no I, L, O, U, so a handwritten code is read back right.
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const RECOVERY_LENGTH = 24;
const RECOVERY = new RegExp(`^[${ALPHABET}]{${RECOVERY_LENGTH}}$`);

/** RFC 6238 by `otpauth`; recovery codes of 120 random bits, so that a plain SHA-256 of them tells nothing. */
export class AuthenticatorCodes extends OneTimeCodes {
  newSecret(): string {
    return new Secret({ size: SECRET_BYTES }).base32;
  }

  stepOf(secret: string, code: string, now: Date): number | undefined {
    const typed = code.replace(/\s/g, '');
    if (!TOTP_CODE.test(typed)) return undefined;
    const timestamp = now.getTime();
    const key = Secret.fromBase32(secret);
    const delta = TOTP.validate({ ...AUTHENTICATOR, secret: key, token: typed, timestamp, window: 1 });
    return delta === null ? undefined : TOTP.counter({ period: AUTHENTICATOR.period, timestamp }) + delta;
  }

  newRecoveryCodes(count: number): { code: string; hash: Buffer }[] {
    return Array.from({ length: count }, () => {
      const characters = Array.from({ length: RECOVERY_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]);
      const text = characters.join('');
      return { code: text.replace(/(.{6})(?!$)/g, '$1-'), hash: sha256(text) };
    });
  }

  recoveryHash(text: string): Buffer | undefined {
    const code = text.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
    return RECOVERY.test(code) ? sha256(code) : undefined;
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
