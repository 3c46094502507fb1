export * from './aws.settings';
export * from './clients';
export * from './cognito';
