export * from './aws.settings';
export * from './clients';
