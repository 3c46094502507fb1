export * from './embedded-service-error';
export * from './postgres';
