import { Erasures } from './application/erasures';
import { EventsSinkConfig } from './events.config';
import { HmacPersonMarks } from './infrastructure/crypto/hmac-person-marks';
import { PostgresErasures } from './infrastructure/postgres/postgres-erasures';
import { Wiring } from './wiring';

/** What is made of events beside their storing: notifications, insights; and the erasure of a person. */
export function projecting(config: EventsSinkConfig): Wiring {
  return {
    controllers: [],
    providers: [
      { provide: HmacPersonMarks, useValue: new HmacPersonMarks(config.pseudonymSecret) },
      { provide: Erasures, useClass: PostgresErasures },
    ],
  };
}
