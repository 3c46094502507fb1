export * from './event-as-sent';
export * from './expired-rows';
export * from './postgres-monthly-partitions';
export * from './read-tracked-events';
export * from './refused-events';
export * from './storing-metrics';
export * from './take-events';
export * from './upkeep.schedule';
