import { DomainError } from '@libs/kernel';
import { Batch, Poisoned, Received } from '@libs/messaging';

/** A message and what the domain made of it. */
export interface Believed<Payload, Subject> {
  message: Received<Payload>;
  subject: Subject;
}

/** Takes each message to the domain and parts those it believes from those it refuses. */
export function partByBelief<Payload, Subject>(
  batch: Batch<Payload>,
  believe: (message: Received<Payload>) => Subject,
): { believed: Believed<Payload, Subject>[]; poisoned: Poisoned<Received<Payload>>[] } {
  const believed: Believed<Payload, Subject>[] = [];
  const poisoned: Poisoned<Received<Payload>>[] = [];
  for (const message of batch.messages) {
    try {
      believed.push({ message, subject: believe(message) });
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      poisoned.push({ row: message, error });
    }
  }
  return { believed, poisoned };
}
