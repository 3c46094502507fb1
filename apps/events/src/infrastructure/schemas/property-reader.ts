import { parseInstant } from '../../domain/event-time';
import { PropertyForm } from '../../domain/event-forms/property-form';
import { readAmount } from './read-amount';
import { Refusal } from './refusal';

/** Answers the value as it is kept (the same where nothing is to be changed) or why not. */
export type ReadValue = (value: unknown) => unknown;

const NOT_TEXT = new Refusal('wrong_type', 'must be text');
const NOT_INTEGER = new Refusal('wrong_type', 'must be a whole number');
const NOT_NUMBER = new Refusal('wrong_type', 'must be a number');
const NOT_FLAG = new Refusal('wrong_type', 'must be true or false');
const NOT_LIST = new Refusal('wrong_type', 'must be a list');
const NO_CURRENCY = new Refusal('malformed_currency', 'must be three capitals (ISO 4217), such as BRL');
const NO_DAY = new Refusal('malformed_day', 'must be a day of the calendar, YYYY-MM-DD');

const CURRENCY = /^[A-Z]{3}$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Makes the reader of a form; done once, at boot. */
export function readerOf(form: PropertyForm): ReadValue {
  switch (form.kind) {
    case 'text':
      return textReader(form.max);
    case 'integer':
      return integerReader(form.min, form.max);
    case 'number':
      return numberReader(form.min, form.max);
    case 'flag':
      return (value) => (typeof value === 'boolean' ? value : NOT_FLAG);
    case 'amount': {
      const { zero } = form;
      return (value) => readAmount(value, zero);
    }
    case 'currency':
      return (value) => (typeof value !== 'string' ? NOT_TEXT : CURRENCY.test(value) ? value : NO_CURRENCY);
    case 'day':
      return (value) => (typeof value !== 'string' ? NOT_TEXT : isDay(value) ? value : NO_DAY);
    case 'option':
      return optionReader(form.options);
    case 'texts':
      return textsReader(form.items, form.max);
  }
}

export function textReader(max: number): ReadValue {
  const tooLong = new Refusal('too_long', `must have at most ${max} characters`);
  return (value) => (typeof value !== 'string' ? NOT_TEXT : value.length <= max ? value : tooLong);
}

export function integerReader(min: number, max: number): ReadValue {
  const outOfRange = new Refusal('out_of_range', `must lie within ${min} and ${max}`);
  return (value) =>
    typeof value !== 'number' || !Number.isInteger(value)
      ? NOT_INTEGER
      : value >= min && value <= max
        ? value
        : outOfRange;
}

export function numberReader(min: number, max: number): ReadValue {
  const outOfRange = new Refusal('out_of_range', `must lie within ${min} and ${max}`);
  return (value) =>
    typeof value !== 'number' ? NOT_NUMBER : value >= min && value <= max ? value : outOfRange;
}

function optionReader(options: readonly string[]): ReadValue {
  const none = new Refusal('not_an_option', `must be one of ${options.join(', ')}`);
  return (value) => (typeof value !== 'string' ? NOT_TEXT : options.includes(value) ? value : none);
}

function textsReader(items: number, max: number): ReadValue {
  const tooMany = new Refusal('too_many_items', `must have at most ${items} items`);
  const read = textReader(max);
  return (value) => {
    if (!Array.isArray(value)) return NOT_LIST;
    if (value.length > items) return tooMany;
    for (let at = 0; at < value.length; at++) {
      const item = read(value[at]);
      if (item instanceof Refusal) return item.below(String(at));
    }
    return value as unknown[];
  };
}

function isDay(text: string): boolean {
  return DAY.test(text) && !Number.isNaN(parseInstant(`${text}T00:00:00.000Z`));
}
