import type { Provider } from '@nestjs/common';
import { SqlSession } from '@libs/database';
import {
  Clock,
  Erasures,
  HmacPseudonyms,
  Outbox,
  PersonNames,
  Pseudonyms,
  TenantTransaction,
} from '@libs/kernel';
import { ErasePersons } from './erase-persons';
import { ErasureRepository } from './erasure.repository';
import { HmacPersonMarks } from './hmac-person-marks';
import { PersonEraser } from './person-eraser';
import { PostgresErasureRepository } from './postgres-erasure.repository';
import { PostgresErasures } from './postgres-erasures';
import { RequestErasure } from './request-erasure';
import { ShowErasure } from './show-erasure';

/** How persons are named: Pseudonyms and PersonNames. Every service has the same secret. */
export function namingPersons(secret: string): Provider[] {
  return [
    { provide: Pseudonyms, useFactory: () => new HmacPseudonyms(secret) },
    {
      provide: PersonNames,
      useFactory: (pseudonyms: Pseudonyms) => new PersonNames(pseudonyms),
      inject: [Pseudonyms],
    },
  ];
}

/**
 * For an API through which persons are erased: RequestErasure and ShowErasure. `service` names its schema, and its actions in the
 * audit log. Needs PersonNames, the database and a clock.
 */
export function requestingErasures(service: string): Provider[] {
  return [
    {
      provide: ErasureRepository,
      useFactory: (sql: SqlSession) => new PostgresErasureRepository(sql, service),
      inject: [SqlSession],
    },
    {
      provide: RequestErasure,
      useFactory: (
        transaction: TenantTransaction,
        names: PersonNames,
        erasures: ErasureRepository,
        outbox: Outbox,
        clock: Clock,
      ) => new RequestErasure(service, transaction, names, erasures, outbox, clock),
      inject: [TenantTransaction, PersonNames, ErasureRepository, Outbox, Clock],
    },
    {
      provide: ShowErasure,
      useFactory: (transaction: TenantTransaction, erasures: ErasureRepository) =>
        new ShowErasure(transaction, erasures),
      inject: [TenantTransaction, ErasureRepository],
    },
  ];
}

/** For a consumer that keeps what persons did: Erasures, which says what of it may come in; and HmacPersonMarks. */
export function keepingErasedOut(service: string, secret: string): Provider[] {
  return [
    { provide: HmacPersonMarks, useFactory: () => new HmacPersonMarks(secret) },
    {
      provide: Erasures,
      useFactory: (sql: SqlSession, marks: HmacPersonMarks) => new PostgresErasures(sql, marks, service),
      inject: [SqlSession, HmacPersonMarks],
    },
  ];
}

/** ErasePersons, for ErasePersonsOnPersonErased. The service binds PersonEraser: what it has of a person. */
export function erasingPersons(service: string): Provider[] {
  return [
    {
      provide: ErasePersons,
      useFactory: (transaction: TenantTransaction, eraser: PersonEraser, outbox: Outbox, clock: Clock) =>
        new ErasePersons(service, transaction, eraser, outbox, clock),
      inject: [TenantTransaction, PersonEraser, Outbox, Clock],
    },
  ];
}
