export * from './logger';
export * from './logging.settings';
export * from './nest-logger';
export * from './redact';
