import type { InitOptions } from './api';

/** The one tracker of the page. Module state instead of a class: it is a third smaller once minified. */
export let options: InitOptions = {};
/** Begins every name that this SDK gives to anything on the device. */
export let prefix = 'mf:';
/** Where batches go. */
export let url = '';

/** Two tenants' pages on one origin must not share a queue, so whoever they are belongs to its name. */
export function configure(told: InitOptions, origin: string): void {
  const base = (told.endpoint || origin).replace(/\/+$/, '');
  options = told;
  prefix = `mf:${told.name || told.writeKey || base}:`;
  url = `${base}/api/v1/events/batch`;
}
