import { Injectable } from '@nestjs/common';
import { Clock, TenantTransaction } from '@libs/kernel';
import { IdentityRepository } from '../domain/identity.repository';
import { AuditLog } from './audit-log';
import { ActingSession } from './identity-provider';
import { GoogleCode, RedeemGoogleCode } from './redeem-google-code';
import { inTenant } from './tenant-work';

/** A signed-in person, freshly proven, makes a Google account a way to sign in. */
@Injectable()
export class LinkGoogle {
  constructor(
    private readonly redeem: RedeemGoogleCode,
    private readonly transaction: TenantTransaction,
    private readonly identities: IdentityRepository,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** @throws GoogleCodeInvalid, IdentityLinkedElsewhere */
  execute({ tenantId, userId }: ActingSession, code: GoogleCode): Promise<void> {
    return this.redeem.execute(code, 'link', ({ person: { issuer, subject } }) =>
      inTenant(this.transaction, tenantId, async () => {
        await this.identities.link({ issuer, subject }, userId, this.clock.now());
        await this.audit.record({
          tenantId,
          action: 'identity.linked',
          actor: { kind: 'person', id: userId },
          target: userId,
          details: { issuer },
        });
      }),
    );
  }
}
