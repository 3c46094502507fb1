import { Wiring } from './wiring';

/** The rejected-event store's consuming side. */
export const keepingRejections: Wiring = { controllers: [], providers: [] };
