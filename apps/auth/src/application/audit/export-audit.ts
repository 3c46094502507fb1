import { Injectable } from '@nestjs/common';
import { requestContext, TenantTransaction } from '@libs/kernel';
import { AuditLog } from './audit-log';
import { AuditEntry, AuditFilter, AuditReader } from './audit-reader';

const PIECE = 500;

/** The whole log, or what a filter leaves of it, piece by piece. That it was exported is its last entry. */
@Injectable()
export class ExportAudit {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly reader: AuditReader,
    private readonly audit: AuditLog,
  ) {}

  async execute(input: { filter: AuditFilter; format: string }): Promise<AsyncIterable<AuditEntry[]>> {
    const tenantId = requestContext.tenantId();
    const { filter, format } = input;
    const { from, to, ...ids } = filter;
    const asked = { ...ids, from: from?.toISOString(), to: to?.toISOString() };
    const given = Object.entries(asked).filter((each): each is [string, string] => each[1] !== undefined);
    const details = { format, ...Object.fromEntries(given) };
    await this.transaction.run(() => this.audit.record({ tenantId, action: 'audit.exported', details }));
    const upTo = await this.transaction.run(() => this.reader.end());
    return this.pieces(filter, upTo);
  }

  private async *pieces(filter: AuditFilter, upTo: bigint): AsyncGenerator<AuditEntry[]> {
    // Whoever pulls is a socket with no context of ours, so each piece is read in the one of the request.
    const context = requestContext.current();
    if (!context) throw new Error('an export belongs to a request');
    for (let after = 0n; after < upTo;) {
      const piece = await requestContext.run(context, () =>
        this.transaction.run(() => this.reader.oldest(filter, PIECE, after, upTo)),
      );
      if (piece.length > 0) yield piece;
      if (piece.length < PIECE) return;
      after = piece.at(-1)?.seq ?? upTo;
    }
  }
}
