export * from './document-key';
export * from './document-store';
export * from './document-store-unavailable.error';
export * from './documents.module';
export * from './documents.settings';
