import { csvField } from '@libs/http';
import { EventExport } from '../../application/raw/export-events';
import {
  CIRCUMSTANCES,
  EventField,
  eventForm,
  FIELDS_OF_EVERYBODY,
  IDS,
  valueOf,
} from '../../application/raw/event-form';
import { RawEventView } from '../../application/raw/event.reader';
import { ExportFormat } from './raw-report.query';

export const EXPORT_TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  ndjson: 'application/x-ndjson',
};

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
  const fields = identities ? [...FIELDS_OF_EVERYBODY, ...IDS, ...CIRCUMSTANCES] : FIELDS_OF_EVERYBODY;
  if (format === 'json') yield `${JSON.stringify(head).slice(0, -1)},"events":[`;
  if (format === 'csv') yield `${fields.join(',')}\r\n`;
  let first = true;
  for await (const events of pieces) {
    let text = '';
    for (const event of events) {
      if (format === 'csv') text += csvLine(event, fields);
      else if (format === 'ndjson') text += `${JSON.stringify(eventForm(event, fields))}\n`;
      else text += `${first ? '' : ','}\n${JSON.stringify(eventForm(event, fields))}`;
      first = false;
    }
    yield text;
  }
  if (format === 'json') yield '\n]}\n';
}

/** RFC 4180; what is no text is JSON. */
function csvLine(event: RawEventView, fields: readonly EventField[]): string {
  const cells = fields.map((field) => {
    const value = valueOf(event, field);
    if (value === null) return '';
    if (value instanceof Date) return value.toISOString();
    return csvField(typeof value === 'string' ? value : JSON.stringify(value));
  });
  return `${cells.join(',')}\r\n`;
}
