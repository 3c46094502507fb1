export * from './event-as-sent';
export * from './read-tracked-events';
export * from './refused-events';
export * from './take-events';
