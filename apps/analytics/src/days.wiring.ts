import { Wiring } from './wiring';

/** Local days that are over, made of their quarters. */
export const days: Wiring = { controllers: [], providers: [] };
