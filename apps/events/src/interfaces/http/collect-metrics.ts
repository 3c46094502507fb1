import { Counter } from 'prom-client';
import { metrics } from '@libs/http';
import { Collected } from '../../application/collect-events';
import { EventSource } from '../../domain/tracked-event';

const registers = [metrics];
const accepted = new Counter({
  name: 'events_accepted_total',
  help: 'Events that the log has, by the form they came in.',
  labelNames: ['source'],
  registers,
});
const duplicates = new Counter({
  name: 'events_duplicates_total',
  help: 'Accepted events that this process saw lately: a hint.',
  registers,
});
const rejected = new Counter({
  name: 'events_rejected_total',
  help: 'Events that were refused, by the reason.',
  labelNames: ['source', 'code'],
  registers,
});

/** Once a request, never labelled by tenant. */
export function count(source: EventSource, collected: Collected): void {
  if (collected.accepted > 0) accepted.inc({ source }, collected.accepted);
  if (collected.duplicates > 0) duplicates.inc(collected.duplicates);
  for (const { code } of collected.rejected) rejected.inc({ source, code });
}
