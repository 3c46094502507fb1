export * from './embedded-service-error';
export * from './free-port';
export * from './postgres';
export * from './aws';
export * from './kafka';
export { kafkaMissing } from './kafka-jars';
export * from './redis';
export * from './server-process';
export { DataDirLock } from './data-dir-lock';
