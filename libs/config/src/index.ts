export * from './boot-or-exit';
export * from './config-schema';
export * from './setting';
export * from './settings';
export * from './version';
