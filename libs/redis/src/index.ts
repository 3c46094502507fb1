export * from './cache';
export * from './expiring-set';
export * from './one-time-store';
export * from './rate-limiter';
export * from './redis.settings';
export * from './store-health';
export * from './store-unavailable';
