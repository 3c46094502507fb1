import { EventBody, Reception } from '../../application/delivery';
import { JudgedEvents } from '../../application/event-judge';

/** What a thread is started with. */
export interface JudgeStart {
  pseudonymSecret: string;
}

/** One request's body for a thread; several travel in one message. */
export interface Job {
  id: number;
  reception: Reception;
  body: EventBody;
}

/** What a thread says: that it is ready (once), then what it judged. Nothing judged: the body is no delivery, or it failed. */
export type Told = 'ready' | { id: number; judged?: JudgedEvents }[];
