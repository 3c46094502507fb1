import { Wiring } from './wiring';

/** What is made of events beside their storing: notifications, insights; and the erasure of a person. */
export const projecting: Wiring = { controllers: [], providers: [] };
