import { Injectable } from '@nestjs/common';
import { TooManyLogins } from '../domain/auth.errors';
import { foldEmail } from '../domain/email';
import { LoginLimits, LoginQuota } from './login-limits';

/** Asked before a password is looked at: a refused attempt must not cost a hash. */
@Injectable()
export class AdmitLogin {
  constructor(private readonly limits: LoginLimits) {}

  /** @param announce gets the quota either way, for the answer's headers. @throws TooManyLogins */
  async execute(input: { ip: string; email: string }, announce: (quota: LoginQuota) => void): Promise<void> {
    const quota = await this.limits.consume(input.ip, foldEmail(input.email));
    if (!quota) return;
    announce(quota);
    if (!quota.allowed) throw new TooManyLogins(Math.max(1, quota.resetSeconds));
  }
}
