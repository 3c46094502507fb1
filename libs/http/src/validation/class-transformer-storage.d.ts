/** The decorators' own records; class-transformer ships the types under another path than the code. */
declare module 'class-transformer/cjs/storage.js' {
  export { defaultMetadataStorage } from 'class-transformer/types/storage';
}
