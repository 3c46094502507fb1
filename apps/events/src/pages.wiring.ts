import { Wiring } from './wiring';

/** The SDK's file and the page to try it. */
export const pages: Wiring = { controllers: [], providers: [] };
