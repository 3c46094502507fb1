import { SqlSession } from '@libs/database';
import { Clock, TenantTransaction } from '@libs/kernel';
import { ActingSession } from '../../application/sign-in/identity-provider';
import { SessionGrants } from '../../application/sessions/session-grants';
import { inTenant } from '../../application/tenants/tenant-work';
import { KeyVault } from '../keys/key-vault';

/** Keeps grants sealed; a row copied to another session opens nothing there. */
export class PostgresSessionGrants extends SessionGrants {
  private readonly vault: KeyVault;

  constructor(
    secret: string,
    private readonly transaction: TenantTransaction,
    private readonly sql: SqlSession,
    private readonly clock: Clock,
  ) {
    super();
    this.vault = new KeyVault(secret, 'moneyflow session grant');
  }

  async keep(session: ActingSession, grant: string): Promise<void> {
    // Nothing needs what belonged to the sessions of this person that are over.
    await inTenant(this.transaction, session.tenantId, () =>
      this.sql.query(
        `with over as (
           delete from auth.session_grant
           where tenant_id = $1 and session_id in (
             select g.session_id from auth.session_grant g
             join auth.session s on s.tenant_id = g.tenant_id and s.id = g.session_id
             where g.tenant_id = $1 and s.user_id = $5 and s.id <> $2
               and (s.ended_at is not null or s.expires_at <= $4)
             for update of g skip locked)
         )
         insert into auth.session_grant (tenant_id, session_id, sealed, kept_at) values ($1, $2, $3, $4)
         on conflict (tenant_id, session_id) do update set sealed = excluded.sealed, kept_at = excluded.kept_at`,
        [
          session.tenantId,
          session.sessionId,
          this.vault.seal(grant, rowOf(session)),
          this.clock.now(),
          session.userId,
        ],
      ),
    );
  }

  find(session: ActingSession): Promise<string | undefined> {
    return inTenant(this.transaction, session.tenantId, () => this.read(session));
  }

  renew(session: ActingSession, renewal: (grant: string) => Promise<string>): Promise<string | undefined> {
    return inTenant(this.transaction, session.tenantId, async () => {
      // Locked while the provider is asked: a refresh token that rotates is good once.
      const grant = await this.read(session, 'for update of g');
      if (grant === undefined) return undefined;
      const renewed = await renewal(grant);
      if (renewed !== grant) await this.keep(session, renewed);
      return renewed;
    });
  }

  async forget(session: ActingSession): Promise<void> {
    await inTenant(this.transaction, session.tenantId, () =>
      this.sql.query('delete from auth.session_grant where tenant_id = $1 and session_id = $2', [
        session.tenantId,
        session.sessionId,
      ]),
    );
  }

  private async read(session: ActingSession, lock = ''): Promise<string | undefined> {
    const [row] = await this.sql.query<{ sealed: Buffer }>(
      `select g.sealed from auth.session_grant g
       join auth.session s on s.tenant_id = g.tenant_id and s.id = g.session_id
       where g.tenant_id = $1 and g.session_id = $2 and s.user_id = $3 ${lock}`,
      [session.tenantId, session.sessionId, session.userId],
    );
    return row && this.opened(row.sealed, session);
  }

  private opened(sealed: Buffer, session: ActingSession): string | undefined {
    try {
      return this.vault.open(sealed, rowOf(session));
    } catch {
      // Sealed with another secret: the person signs in again, and a grant takes its place.
      return undefined;
    }
  }
}

function rowOf({ tenantId, userId, sessionId }: ActingSession): string {
  return `${tenantId}/${userId}/${sessionId}`;
}
