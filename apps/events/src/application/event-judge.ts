import { OutgoingMessage } from '@libs/kernel';
import { Rejection } from '../domain/tracked-event';
import { Delivery, EventBody, Reception } from './delivery';

/** What the log is given: messages, each event in them turned into text once. */
export interface LogEntries {
  events: readonly OutgoingMessage[];
  errors: readonly OutgoingMessage[];
}

/** What becomes of the events of one request, before the log has any of them. */
export interface JudgedEvents {
  entries: LogEntries;
  /** Ids of the accepted ones. */
  accepted: readonly string[];
  rejected: readonly Rejection[];
}

/** Reads events, frees them of personal data, and says which are accepted. Keeps nothing, so it may work anywhere. */
export abstract class EventJudge {
  /** @throws MalformedBody, InvalidRequest, EventBatchSize, EventTooLarge where a body is no delivery; EventLogFull */
  abstract judge(reception: Reception, given: EventBody | Delivery): Promise<JudgedEvents>;
}
