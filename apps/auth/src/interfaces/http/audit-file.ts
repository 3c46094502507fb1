import { csvField } from '@libs/http';
import { AuditEntry } from '../../application/audit/audit-reader';
import { AuditEntryResponse } from './audit.response';

const HEADER = 'seq,occurredAt,action,actorKind,actorId,target,details,requestId,mac\r\n';

/** The lines of an export, a text a piece: RFC 4180 with a header, or one JSON object a line. */
export async function* auditFile(
  format: 'csv' | 'ndjson',
  pieces: AsyncIterable<AuditEntry[]>,
): AsyncGenerator<string> {
  if (format === 'csv') yield HEADER;
  const line = format === 'csv' ? csvLine : jsonLine;
  for await (const entries of pieces) yield entries.map(line).join('');
}

function jsonLine(entry: AuditEntry): string {
  return `${JSON.stringify({ ...AuditEntryResponse.of(entry), mac: entry.mac })}\n`;
}

function csvLine({ seq, occurredAt, action, actor, target, details, requestId, mac }: AuditEntry): string {
  const fields = [
    String(seq),
    occurredAt.toISOString(),
    action,
    actor.kind,
    actor.id ?? '',
    target ?? '',
    JSON.stringify(details),
    requestId,
    mac,
  ];
  return `${fields.map(csvField).join(',')}\r\n`;
}
