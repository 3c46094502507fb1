import { TenantId } from '@libs/kernel';

/** Which origins of frontends a browser may be sent back to, and whose sign-ins may end there. */
export abstract class ReturnAddresses {
  /** The platform's own frontends: anybody's sign-in may end there. */
  abstract isOurs(origin: string): boolean;

  /** Some active tenant registered it. */
  abstract isSomeTenants(origin: string): boolean;

  /** Whether a session of this tenant may be given to a page there. */
  abstract admits(origin: string, tenantId: TenantId): boolean;
}
