import { pageOf, referrerOf } from './page-address';

/** What events are broken down by; each is counted by value in every quarter of an hour. */
export const DIMENSIONS = ['device', 'browser', 'os', 'country', 'referrer', 'url'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** A value is absent where an event says nothing of it; none is the empty text, and all can be stored. */
export type DimensionValues = Partial<Record<Dimension, string>>;

/** The part of a tracked event that dimensions are taken from. */
export interface Described {
  context: { url?: unknown; referrer?: unknown };
  device: { kind?: unknown; browser?: unknown; os?: unknown };
  country?: unknown;
}

const LONGEST_NAME = 64;
const COUNTRY = /^[A-Z]{2}$/;

/** Whatever an event holds, this throws nothing: what cannot be read is not told. */
export function dimensionsOf({ context, device, country }: Described): DimensionValues {
  return {
    device: nameOf(device.kind),
    browser: nameOf(device.browser),
    os: nameOf(device.os),
    country: typeof country === 'string' && COUNTRY.test(country) ? country : undefined,
    referrer: referrerOf(context.referrer, context.url),
    url: pageOf(context.url),
  };
}

function nameOf(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  // half a character or a NUL the database refuses, and with it the whole batch
  return value.slice(0, LONGEST_NAME).toWellFormed().replaceAll('\0', '').trim() || undefined;
}
