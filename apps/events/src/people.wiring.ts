import { Wiring } from './wiring';

/** A person's rights: export and erasure. */
export const people: Wiring = { controllers: [], providers: [] };
