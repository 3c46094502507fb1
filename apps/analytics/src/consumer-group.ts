/** The consumer group of every topic that the worker reads. */
export const ANALYTICS_GROUP = 'analytics';
