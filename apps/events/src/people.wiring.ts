import { namingPersons, requestingErasures } from '@libs/persons';
import { ExportPerson } from './application/people/export-person';
import { EventsConfig } from './events.config';
import { PeopleController } from './interfaces/http/people.controller';
import { Wiring } from './wiring';

/** A person's rights: export and erasure; and how persons are named. */
export function people(config: EventsConfig): Wiring {
  return {
    controllers: [PeopleController],
    providers: [ExportPerson, ...namingPersons(config.pseudonymSecret), ...requestingErasures('events')],
  };
}
