export * from './recurring';
