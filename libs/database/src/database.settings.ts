import { integer, url } from '@libs/config';

/** A PostgreSQL URL of one role. Its password is a secret. */
export function postgresUrl(name: string, about: string) {
  return url(name, {
    protocols: ['postgres', 'postgresql'],
    secret: true,
    about,
    example: 'postgres://role:password@localhost:5432/moneyflow',
  });
}

/** What an app wants of its database. Spread it or nest it: `{ database: databaseSettings() }`. */
export function databaseSettings() {
  return {
    url: postgresUrl(
      'DATABASE_URL',
      "PostgreSQL, with the app's own role: one that owns nothing and cannot bypass row-level security",
    ),
    poolMax: integer('DATABASE_POOL_MAX', {
      default: 20,
      min: 1,
      max: 500,
      about: 'Most connections one process holds to PostgreSQL',
    }),
  };
}

/** The operator's way in, for commands that look at every tenant. */
export function operatorUrl() {
  return postgresUrl(
    'DATABASE_OPERATOR_URL',
    'PostgreSQL, with the read-only operator role: it sees the rows of every tenant',
  );
}

/** What a process that relays an outbox wants. */
export function relaySettings() {
  return {
    url: postgresUrl(
      'DATABASE_RELAY_URL',
      'PostgreSQL, with the relay role: it sees the outbox of every tenant and nothing else',
    ),
    leaseSeconds: integer('OUTBOX_LEASE_SECONDS', {
      default: 30,
      min: 1,
      max: 3600,
      about:
        'How long a relay holds the outbox rows it sends; what a dead one held is sent again after that.',
    }),
  };
}
