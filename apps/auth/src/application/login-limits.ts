/** How many sign-ins may still be tried; becomes the RateLimit-* headers. */
export interface LoginQuota {
  allowed: boolean;
  limit: number;
  remaining: number;
  resetSeconds: number;
}

/** Counts sign-in attempts by address and by account, known or not, right or wrong. */
export abstract class LoginLimits {
  /** @returns the scarcer of the two quotas, or nothing where the limit is switched off */
  abstract consume(ip: string, account: string): Promise<LoginQuota | undefined>;
}
