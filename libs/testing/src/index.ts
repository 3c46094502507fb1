export * from './eventually';
export * from './fixed-clock';
