import { EventType } from '../event-types';
import { accessForms } from './access-forms';
import { goalForms } from './goal-forms';
import { moneyForms } from './money-forms';
import { pageForms } from './page-forms';
import { EventForm } from './property-form';

/** The nineteen types, each with the properties it knows. apps/events/README.md shows them as a table. */
export const eventForms: Readonly<Record<EventType, EventForm>> = {
  ...pageForms,
  ...accessForms,
  ...moneyForms,
  ...goalForms,
};
