import { Wiring } from './wiring';

/** Rejected events: the store's routes and their replay. */
export const rejections: Wiring = { controllers: [], providers: [] };
