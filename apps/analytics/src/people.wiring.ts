import { namingPersons, requestingErasures } from '@libs/persons';
import { AnalyticsConfig } from './analytics.config';
import { PeopleController } from './interfaces/http/people.controller';
import { Wiring } from './wiring';

/** A person's right to be forgotten; and how persons are named. */
export function people(config: AnalyticsConfig): Wiring {
  return {
    controllers: [PeopleController],
    providers: [...namingPersons(config.pseudonymSecret), ...requestingErasures('analytics')],
  };
}
