import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth, ApiExtension } from '@nestjs/swagger';
import { Scope } from './principal';

export const ACCESS = 'moneyflow:access';

/** What a route declares about who may use it. */
export type Access = 'public' | { readonly scopes: readonly Scope[]; readonly money: boolean };

/**
 * Only with a verified token that has every one of `scopes` (none: any signed-in person). `money: true` for a route
 * that moves money: it answers 503 rather than trust a revocation list older than 2 s.
 */
export function Authorize({ scopes, money = false }: { scopes: Scope[]; money?: boolean }) {
  const access: Access = { scopes, money };
  return applyDecorators(
    SetMetadata(ACCESS, access),
    ApiBearerAuth(),
    ApiExtension('x-required-scopes', scopes),
  );
}

/** For everybody, without a token. */
export function Public() {
  return SetMetadata<string, Access>(ACCESS, 'public');
}
