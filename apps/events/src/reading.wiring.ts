import { Wiring } from './wiring';

/** What the sinks made of the events, for reading. */
export const reading: Wiring = { controllers: [], providers: [] };
