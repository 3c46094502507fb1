import { NestFactory } from '@nestjs/core';
import { DatabaseModule, SqlSession } from '@libs/database';
import { newId } from '@libs/kernel';
import { FixedClock, TestDatabase, testDatabase } from '@libs/testing';
import { PurgeDenials } from '../../application/sessions/purge-denials';
import { authSchema } from '../../auth.schema';
import { Denial } from '../../domain/denial.repository';
import { PostgresDenialRepository } from './postgres-denial.repository';

let database: TestDatabase;
let close: () => Promise<void>;
let denials: PostgresDenialRepository;
const clock = new FixedClock();

beforeAll(async () => {
  database = await testDatabase([authSchema]);
  const options = { name: 'purge', schema: 'auth', url: database.urlFor('auth_api'), poolMax: 4 };
  const context = await NestFactory.createApplicationContext(DatabaseModule.forRoot(options), {
    logger: false,
  });
  close = () => context.close();
  denials = new PostgresDenialRepository(context.get(SqlSession));
});
afterAll(async () => {
  await close?.();
  await database?.drop();
});

const at = (seconds: number): Date => new Date(clock.now().getTime() + seconds * 1000);
const denial = (seconds: number, subject: Denial['subject'] = 'session'): Denial => ({
  subject,
  id: newId(),
  until: at(seconds),
});
const kept = async (): Promise<string[]> => (await denials.unexpired(new Date(0))).map(({ id }) => id).sort();

it('forgets the denials that have ended, of whatever kind, and no other', async () => {
  const living = [denial(1), denial(60, 'key'), denial(3600, 'tenant')];
  await denials.add([...living, denial(-1), denial(0, 'key'), denial(-3600, 'tenant')]);
  await new PurgeDenials(denials, clock).execute();
  expect(await kept()).toEqual(living.map(({ id }) => id).sort());
});

it('keeps a denial that is prolonged while it is purged', async () => {
  const ended = Array.from({ length: 200 }, () => denial(-1));
  await denials.add(ended);
  const prolonged = ended.map((each) => ({ ...each, until: at(900) }));
  const purge = new PurgeDenials(denials, clock);
  await Promise.all([
    purge.execute(),
    ...prolonged.map((each) => denials.add([each])),
    purge.execute(),
    purge.execute(),
  ]);
  expect(await kept()).toEqual(expect.arrayContaining(prolonged.map(({ id }) => id)));
});
