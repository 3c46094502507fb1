export * from './eventually';
export * from './fixed-clock';
export * from './app-process';
export * from './postgres';
export * from './api-client';
export * from './journey';
export * from './posting-plan';
