import { Wiring } from './wiring';

/** The sink proper: critical events, transactions, partitions, retention. */
export const storing: Wiring = { controllers: [], providers: [] };
