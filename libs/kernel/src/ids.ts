import { v7 } from 'uuid';

declare const brand: unique symbol;
type Id<Name extends string> = string & { readonly [brand]: Name };

export type TenantId = Id<'TenantId'>;
export type UserId = Id<'UserId'>;
export type ReleaseId = Id<'ReleaseId'>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** A time-ordered UUIDv7 (RFC 9562), lower case. */
export function newId<T extends string = string>(): T {
  return v7() as T;
}

/** Lower-case canonical form only, so that one id has one spelling. */
export function isUuid(text: unknown): text is string {
  return typeof text === 'string' && UUID.test(text);
}
