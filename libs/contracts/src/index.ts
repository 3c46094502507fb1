export * from './channels';
export * from './envelope';
export * from './events/release-posted.v1';
export * from './events/release-rejected.v1';
export * from './events/session-revoked.v1';
export * from './events/tenant-changed.v1';
export * from './events/user-registered.v1';
export * from './queues/queued-releases.v1';
