import { csvField } from '@libs/http';
import { PersonExport, PersonPiece } from '../../application/people/export-person';

export const EXPORT_FORMATS = ['json', 'ndjson', 'csv'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const CONTENT_TYPES: Readonly<Record<ExportFormat, string>> = {
  json: 'application/json; charset=utf-8',
  ndjson: 'application/x-ndjson',
  csv: 'text/csv; charset=utf-8',
};

const KINDS = ['events', 'transactions', 'notifications', 'insights', 'rejectedEvents'] as const;
const HEADER = 'kind,id,at,type,amount,currency,text,data\r\n';

/** The text of an export, a piece of it at a time. */
export function personFile(format: ExportFormat, person: PersonExport): AsyncGenerator<string> {
  if (format === 'json') return jsonFile(person);
  return lines(person, format === 'csv' ? HEADER : '', format === 'csv' ? csvLine : ndjsonLine);
}

/** One object with a list of each kind. */
async function* jsonFile({ userId, exportedAt, pieces }: PersonExport): AsyncGenerator<string> {
  yield `{"userId":${JSON.stringify(userId)},"exportedAt":"${exportedAt.toISOString()}"`;
  let kind: string | undefined;
  const missing = new Set<string>(KINDS);
  for await (const piece of pieces) {
    const opening = piece.kind === kind ? ',' : `${kind === undefined ? '' : ']'},"${piece.kind}":[`;
    kind = piece.kind;
    missing.delete(kind);
    yield opening + piece.items.map((item) => JSON.stringify(item)).join(',');
  }
  yield `${kind === undefined ? '' : ']'}${[...missing].map((name) => `,"${name}":[]`).join('')}}\n`;
}

async function* lines(
  { pieces }: PersonExport,
  header: string,
  line: (kind: PersonPiece['kind'], item: PersonPiece['items'][number]) => string,
): AsyncGenerator<string> {
  if (header) yield header;
  for await (const { kind, items } of pieces) {
    let text = '';
    for (const item of items) text += line(kind, item);
    yield text;
  }
}

function ndjsonLine(kind: PersonPiece['kind'], item: PersonPiece['items'][number]): string {
  return `${JSON.stringify({ kind, ...item })}\n`;
}

/** RFC 4180: what all kinds have as columns, the whole of it as JSON in the last one. */
function csvLine(kind: PersonPiece['kind'], item: PersonPiece['items'][number]): string {
  const has = item as unknown as Readonly<Record<string, unknown>>;
  const fields = [
    kind,
    has['id'] ?? has['rejectionId'] ?? has['eventId'],
    has['occurredAt'] ?? has['week'] ?? has['receivedAt'],
    has['eventType'] ?? has['insightType'] ?? has['type'],
    has['amount'],
    has['currency'],
    has['message'] ?? has['description'],
    JSON.stringify(item),
  ];
  return `${fields.map((field) => csvField(textOf(field))).join(',')}\r\n`;
}

function textOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'string' ? value : '';
}
