import { EventSource, Rejection, ToldEvent } from '../domain/tracked-event';

/** Reads what clients send, by schemas compiled once. */
export abstract class EventReader {
  /** One event of a request; never throws for what a client can send. */
  abstract read(raw: unknown, index: number, source: EventSource): ToldEvent | Rejection;
}

export function isRejection(read: ToldEvent | Rejection): read is Rejection {
  return 'code' in read;
}
