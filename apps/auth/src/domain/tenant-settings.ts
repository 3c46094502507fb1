import { Money } from '@libs/kernel';
import { displayName } from './display-name';
import { InvalidOrigin, NegativeNightLimit, UnknownTimeZone } from './tenancy.errors';

/** What a tenant decides for itself. */
export interface TenantSettings {
  name: string;
  timeZone: string;
  /** What PIX may pay out between 20h and 6h. */
  nightLimit: Money;
  /** Origins its browsers may call from. */
  origins: readonly string[];
  /** Nobody has a session here that was proven without a second factor. */
  requireSecondFactor: boolean;
}

const THIS_MACHINE = /^(?:localhost|127\.0\.0\.1|\[::1\])$/;

/** @throws BlankName, UnknownTimeZone, InvalidOrigin, NegativeNightLimit */
export function chooseSettings(input: Partial<TenantSettings>): Partial<TenantSettings> {
  const { name, timeZone, nightLimit, origins, requireSecondFactor } = input;
  if (nightLimit?.isNegative()) throw new NegativeNightLimit();
  return {
    ...(name === undefined ? {} : { name: displayName(name, 'name') }),
    ...(timeZone === undefined ? {} : { timeZone: chooseTimeZone(timeZone) }),
    ...(nightLimit === undefined ? {} : { nightLimit }),
    ...(origins === undefined ? {} : { origins: [...new Set(origins.map(chooseOrigin))] }),
    ...(requireSecondFactor === undefined ? {} : { requireSecondFactor }),
  };
}

/**
 * Names only: an offset such as `+03:00` means one thing to ECMAScript and its opposite to PostgreSQL, and an alias
 * may be known to one of them alone.
 */
function chooseTimeZone(text: string): string {
  if (text !== 'UTC' && !Intl.supportedValuesOf('timeZone').includes(text)) throw new UnknownTimeZone();
  return text;
}

/** The one spelling in which a browser sends it. */
function chooseOrigin(text: string): string {
  if (!URL.canParse(text)) throw new InvalidOrigin();
  const { protocol, hostname, origin } = new URL(text);
  const safe = protocol === 'https:' || (protocol === 'http:' && THIS_MACHINE.test(hostname));
  if (!safe || origin !== text.toLowerCase() || hostname.includes('*')) throw new InvalidOrigin();
  return origin;
}
