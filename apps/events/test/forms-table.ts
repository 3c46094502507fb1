import { eventForms } from '../src/domain/event-forms/event-forms';
import { PropertyForm } from '../src/domain/event-forms/property-form';
import { CRITICAL_TYPES, EVENT_TYPES } from '../src/domain/event-types';

/** The table of the nineteen as apps/events/README.md has it, a line a type. */
export function formsTable(): string[] {
  return [
    '| type | when | properties it knows |',
    '| --- | --- | --- |',
    ...EVENT_TYPES.map((type) => {
      const { when, properties } = eventForms[type];
      const star = (CRITICAL_TYPES as readonly string[]).includes(type) ? ' ★' : '';
      const told = Object.entries(properties).map(([name, form]) => cell(name, form));
      return `| \`${type}\`${star} | ${when} | ${told.join('<br>')} |`;
    }),
  ];
}

function cell(name: string, form: PropertyForm): string {
  return `\`${name}\` ${kindOf(form)}${form.required ? ', **required**' : ''}: ${form.about}`;
}

function kindOf(form: PropertyForm): string {
  switch (form.kind) {
    case 'text':
      return `text ≤${form.max}`;
    case 'integer':
      return `whole number ${form.min}–${form.max}`;
    case 'number':
      return `number ${form.min}–${form.max}`;
    case 'flag':
      return 'true or false';
    case 'amount':
      return form.zero ? 'amount ≥ 0' : 'amount > 0';
    case 'currency':
      return 'currency';
    case 'day':
      return 'day';
    case 'option':
      return form.options.map((option) => `\`${option}\``).join(' or ');
    case 'texts':
      return `list of ≤${form.items} texts ≤${form.max}`;
  }
}
