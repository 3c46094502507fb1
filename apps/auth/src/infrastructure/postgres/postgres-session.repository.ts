import { Injectable } from '@nestjs/common';
import { SqlSession } from '@libs/database';
import { requestContext, UserId } from '@libs/kernel';
import { StoredRefreshToken } from '../../domain/refresh-token';
import { AuthenticationMethod, Origin, RevocationReason, Session } from '../../domain/session';
import { NewRefreshToken, SessionRepository } from '../../domain/session.repository';
import { SESSION_COLUMNS, SessionRow, sessionOf } from './session.row';

interface PresentedRow extends SessionRow {
  token_expires_at: Date;
  spent_at: Date | null;
  sealed_successor: Buffer | null;
  successor_spent: boolean;
  session_ended: boolean;
}

@Injectable()
export class PostgresSessionRepository extends SessionRepository {
  constructor(private readonly sql: SqlSession) {
    super();
  }

  async open(session: Session, token: NewRefreshToken): Promise<void> {
    const { tenantId, id, userId, createdAt, expiresAt, ip, userAgent } = session;
    await this.sql.query(
      `with forgotten as (
         delete from auth.session
         where tenant_id = $1 and user_id = $3 and coalesce(ended_at, expires_at) < $4::timestamptz - interval '30 days'
       ), opened as (
         insert into auth.session (${SESSION_COLUMNS}) values ($1, $2, $3, $4, $4, $5, $6, $7, $4, $10, $11)
         returning tenant_id, id
       )
       insert into auth.refresh_token (tenant_id, hash, session_id, issued_at, expires_at)
       select tenant_id, $8, id, $4, $9 from opened`,
      [
        tenantId,
        id,
        userId,
        createdAt,
        expiresAt,
        ip,
        userAgent,
        token.hash,
        token.expiresAt,
        session.methods,
        session.credentialsAsOf,
      ],
    );
  }

  async spend(exchange: {
    hash: Buffer;
    successor: NewRefreshToken;
    sealedSuccessor: Buffer;
    origin: Origin;
    now: Date;
  }): Promise<Session | undefined> {
    const { hash, successor, sealedSuccessor, origin, now } = exchange;
    // Whoever waits for the row lock sees `spent_at` set afterwards, and updates nothing.
    const [row] = await this.sql.query<SessionRow>(
      `with spent as (
         update auth.refresh_token t
         set spent_at = $3, successor_hash = $4, sealed_successor = $5
         from auth.session s
         where t.tenant_id = $1 and t.hash = $2 and t.spent_at is null and t.expires_at > $3
           and s.tenant_id = $1 and s.id = t.session_id and s.ended_at is null and s.expires_at > $3
         returning t.session_id, s.expires_at
       ), leaf as (
         insert into auth.refresh_token (tenant_id, hash, session_id, issued_at, expires_at)
         select $1, $4, session_id, $3, least($6, expires_at) from spent
       )
       update auth.session set last_used_at = $3, ip = coalesce($7, ip), user_agent = coalesce($8, user_agent)
       where tenant_id = $1 and id in (select session_id from spent)
       returning ${SESSION_COLUMNS}`,
      [
        requestContext.tenantId(),
        hash,
        now,
        successor.hash,
        sealedSuccessor,
        successor.expiresAt,
        origin.ip,
        origin.userAgent?.slice(0, 256),
      ],
    );
    return row && sessionOf(row);
  }

  async presented(
    hash: Buffer,
    now: Date,
  ): Promise<{ token: StoredRefreshToken; session: Session } | undefined> {
    const [row] = await this.sql.query<PresentedRow>(
      `select s.*, t.expires_at as token_expires_at, t.spent_at, t.sealed_successor,
         n.spent_at is not null as successor_spent, s.ended_at is not null or s.expires_at <= $3 as session_ended
       from auth.refresh_token t
       join auth.session s on s.tenant_id = t.tenant_id and s.id = t.session_id
       left join auth.refresh_token n on n.tenant_id = t.tenant_id and n.hash = t.successor_hash
       where t.tenant_id = $1 and t.hash = $2`,
      [requestContext.tenantId(), hash, now],
    );
    if (!row) return undefined;
    const token = {
      sessionId: row.id,
      expiresAt: row.token_expires_at,
      spentAt: row.spent_at ?? undefined,
      sealedSuccessor: row.sealed_successor ?? undefined,
      successorSpent: row.successor_spent,
      sessionEnded: row.session_ended,
    };
    return { token, session: sessionOf(row) };
  }

  async end(id: string, userId: UserId, reason: RevocationReason, now: Date): Promise<boolean> {
    return (await this.endWhere('and id = $5', [userId, now, reason, id])).length > 0;
  }

  endAll(userId: UserId, reason: RevocationReason, now: Date, except?: string): Promise<string[]> {
    return this.endWhere('and id is distinct from $5', [userId, now, reason, except]);
  }

  async freshen(
    id: string,
    userId: UserId,
    proof: { methods: readonly AuthenticationMethod[]; credentialsAsOf?: Date },
    now: Date,
  ): Promise<boolean> {
    const rows = await this.sql.query(
      `update auth.session set methods = $5, credentials_as_of = $6
       where tenant_id = $1 and id = $2 and user_id = $3 and ended_at is null and expires_at > $4 returning id`,
      [requestContext.tenantId(), id, userId, now, proof.methods, proof.credentialsAsOf],
    );
    return rows.length > 0;
  }

  async carryOver(id: string, userId: UserId, secondFactor?: 'gained' | 'lost'): Promise<void> {
    const methods = {
      gained: `array(select unnest(methods) union select unnest('{otp,mfa}'::text[]))`,
      lost: `array_remove(array_remove(methods, 'otp'), 'mfa')`,
    };
    await this.sql.query(
      `update auth.session set methods = ${secondFactor ? methods[secondFactor] : 'methods'},
         credentials_as_of = (select credentials_changed_at from auth.user where id = $3)
       where tenant_id = $1 and id = $2 and user_id = $3`,
      [requestContext.tenantId(), id, userId],
    );
  }

  async isCurrent(id: string, userId: UserId): Promise<boolean> {
    const rows = await this.sql.query(
      `select 1 from auth.session s join auth.user u on u.id = s.user_id
       where s.tenant_id = $1 and s.id = $2 and s.user_id = $3 and s.ended_at is null
         and (u.credentials_changed_at is null or s.credentials_as_of >= u.credentials_changed_at)`,
      [requestContext.tenantId(), id, userId],
    );
    return rows.length > 0;
  }

  async belongs(id: string, userId: UserId): Promise<boolean> {
    const rows = await this.sql.query(
      'select 1 from auth.session where tenant_id = $1 and id = $2 and user_id = $3',
      [requestContext.tenantId(), id, userId],
    );
    return rows.length > 0;
  }

  async living(userId: UserId, now: Date): Promise<Session[]> {
    const rows = await this.sql.query<SessionRow>(
      `select ${SESSION_COLUMNS} from auth.session s
       where tenant_id = $1 and user_id = $2 and ended_at is null and expires_at > $3
         and exists (select from auth.refresh_token t where t.tenant_id = s.tenant_id and t.session_id = s.id
                     and t.spent_at is null and t.expires_at > $3)
       order by last_used_at desc, id`,
      [requestContext.tenantId(), userId, now],
    );
    return rows.map(sessionOf);
  }

  async endOfTenant(reason: RevocationReason, now: Date): Promise<Pick<Session, 'id' | 'userId'>[]> {
    const rows = await this.sql.query<{ id: string; user_id: UserId }>(
      `update auth.session set ended_at = $2, ended_reason = $3
       where tenant_id = $1 and ended_at is null and expires_at > $2 returning id, user_id`,
      [requestContext.tenantId(), now, reason],
    );
    return rows.map(({ id, user_id: userId }) => ({ id, userId }));
  }

  private async endWhere(condition: string, params: readonly unknown[]): Promise<string[]> {
    const rows = await this.sql.query<{ id: string }>(
      `update auth.session set ended_at = $3, ended_reason = $4
       where tenant_id = $1 and user_id = $2 and ended_at is null ${condition} returning id`,
      [requestContext.tenantId(), ...params],
    );
    return rows.map(({ id }) => id);
  }
}
