import { BackingServices } from './backing-services';
import { Secrets } from './secrets';

type Environment = Record<string, string | undefined>;

type ProcessName =
  | 'auth'
  | 'releases'
  | 'releasesWorker'
  | 'consolidated'
  | 'events'
  | 'eventsSink'
  | 'analytics'
  | 'analyticsWorker';

/** Workers, relays and APIs share one machine; each app's pool stays a bound, not a reservation. */
const POOL_MAX = '10';

/**
 * The environment that each application would be given if it ran alone. It reads its settings from it as it does
 * there: same names, same checks.
 * @param url where the one listener is reached on this machine
 */
export function appEnvironments(
  given: Environment,
  services: BackingServices,
  secrets: Secrets,
  url: string,
): Record<ProcessName, Environment> {
  // The name that a browser on this machine shows, and that Google lets be registered.
  const forPeople = `http://localhost:${new URL(url).port}/api/v1`;
  const shared: Environment = {
    DATABASE_POOL_MAX: POOL_MAX,
    AUTH_JWKS_URL: `${url}/.well-known/jwks.json`,
    SMTP_URL: 'log:',
    INVITATION_URL: `${forPeople}/invitations/{token}`,
    GOOGLE_REDIRECT_URI: `${forPeople}/auth/google/callback`,
    ...services.environment,
    ...given,
    // One process: what the apps share, they share in its memory.
    ...(given['REDIS_URL'] || given['REDIS_HOST'] ? {} : { REDIS_URL: 'memory:' }),
    ...secrets,
  };
  const { roleUrl } = services;
  return {
    auth: { ...shared, DATABASE_URL: roleUrl('auth_api'), DATABASE_RELAY_URL: roleUrl('auth_relay') },
    releases: { ...shared, DATABASE_URL: roleUrl('releases_api') },
    releasesWorker: {
      ...shared,
      DATABASE_URL: roleUrl('releases_worker'),
      DATABASE_RELAY_URL: roleUrl('releases_relay'),
    },
    consolidated: {
      ...shared,
      DATABASE_URL: roleUrl('consolidated_api'),
      DATABASE_WORKER_URL: roleUrl('consolidated_worker'),
    },
    events: { ...shared, DATABASE_URL: roleUrl('events_api') },
    eventsSink: {
      ...shared,
      DATABASE_URL: roleUrl('events_worker'),
      DATABASE_RELAY_URL: roleUrl('events_relay'),
    },
    analytics: { ...shared, DATABASE_URL: roleUrl('analytics_api') },
    analyticsWorker: {
      ...shared,
      DATABASE_URL: roleUrl('analytics_worker'),
      DATABASE_RELAY_URL: roleUrl('analytics_relay'),
    },
  };
}
