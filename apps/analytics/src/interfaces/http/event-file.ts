import { csvField } from '@libs/http';
import { EventExport } from '../../application/raw/export-events';
import { RawEventView } from '../../application/raw/event.reader';
import { ExportFormat } from './raw-report.query';
import { visitorId } from './visitor-id';

export const EXPORT_TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  ndjson: 'application/x-ndjson',
};

const OF_EVERYBODY = [
  'eventId',
  'eventType',
  'occurredAt',
  'timestamp',
  'receivedAt',
  'source',
  'visitor',
  'seq',
  'url',
  'referrer',
  'device',
  'browser',
  'os',
  'country',
  'version',
  'metadata',
] as const;
const IDENTITIES = ['userId', 'deviceId', 'sessionId', 'context', 'userAgent'] as const;

interface FileOptions {
  format: ExportFormat;
  identities: boolean;
  /** What stands before the events of a JSON file. */
  head: object;
}

/** The text of an export, a piece of it at a time. */
export async function* eventFile(
  { pieces }: EventExport,
  { format, identities, head }: FileOptions,
): AsyncGenerator<string> {
  const fields = identities ? [...OF_EVERYBODY, ...IDENTITIES] : OF_EVERYBODY;
  if (format === 'json') yield `${JSON.stringify(head).slice(0, -1)},"events":[`;
  if (format === 'csv') yield `${fields.join(',')}\r\n`;
  let first = true;
  for await (const events of pieces) {
    let text = '';
    for (const event of events) {
      if (format === 'csv') text += csvLine(event, fields);
      else if (format === 'ndjson') text += `${jsonOf(event, fields)}\n`;
      else text += `${first ? '' : ','}\n${jsonOf(event, fields)}`;
      first = false;
    }
    yield text;
  }
  if (format === 'json') yield '\n]}\n';
}

type Field = (typeof OF_EVERYBODY)[number] | (typeof IDENTITIES)[number];

function jsonOf(event: RawEventView, fields: readonly Field[]): string {
  return JSON.stringify(Object.fromEntries(fields.map((field) => [field, valueOf(event, field)])));
}

/** RFC 4180; what is no text is JSON. */
function csvLine(event: RawEventView, fields: readonly Field[]): string {
  const cells = fields.map((field) => {
    const value = valueOf(event, field);
    if (value === null) return '';
    if (value instanceof Date) return value.toISOString();
    return csvField(typeof value === 'string' ? value : JSON.stringify(value));
  });
  return `${cells.join(',')}\r\n`;
}

function valueOf(event: RawEventView, field: Field): RawEventView[Field] {
  if (field === 'visitor') return event.visitor === null ? null : visitorId(event.visitor);
  return event[field];
}
