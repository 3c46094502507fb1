import { toString } from 'qrcode';

const ISSUER = 'MoneyFlow';

export interface AuthenticatorQr {
  otpauthUri: string;
  /** An SVG as a data URI, for an `img`. */
  qrCode: string;
}

/** What an authenticator app reads: https://github.com/google/google-authenticator/wiki/Key-Uri-Format. */
export async function authenticatorQr(secret: string, account: string): Promise<AuthenticatorQr> {
  const label = `${encodeURIComponent(ISSUER)}:${encodeURIComponent(account)}`;
  const query = new URLSearchParams({
    secret,
    issuer: ISSUER,
    algorithm: 'SHA1',
    digits: '6',
    period: '30',
  });
  const otpauthUri = `otpauth://totp/${label}?${query.toString()}`;
  const svg = await toString(otpauthUri, { type: 'svg', errorCorrectionLevel: 'M', margin: 2 });
  return { otpauthUri, qrCode: `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}` };
}
