import { TenantId } from '@libs/kernel';
import { InvitationToken, InvitationTokens } from '../../application/members/invitation-tokens';
import { mintTenantSecret, readTenantSecret } from './tenant-secret';

const PREFIX = 'mf_invite_';

export class OpaqueInvitationTokens extends InvitationTokens {
  mint(tenantId: TenantId): InvitationToken {
    return mintTenantSecret(PREFIX, tenantId);
  }

  read(text: string): InvitationToken | undefined {
    return readTenantSecret(PREFIX, text);
  }
}
