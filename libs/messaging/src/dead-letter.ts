import { deadLetterTopic } from '@libs/contracts';
import { EventPublisher, OutgoingMessage } from '@libs/kernel';

/** A message that cannot be digested, as it arrived. */
export interface DeadLetter {
  text: string;
  /** Stable snake_case: `malformed_envelope`, `invalid_data`, … */
  reason: string;
  detail: string;
  /** The tenant where one is known. */
  key?: string;
}

/** Puts messages on `<topic>.dlq` unchanged; why goes into the headers `reason`, `detail` and `source`. */
export async function deadLetter(
  publisher: EventPublisher,
  topic: string,
  letters: readonly DeadLetter[],
): Promise<void> {
  const messages = letters.map((letter): OutgoingMessage => ({
    key: letter.key ?? topic,
    value: letter.text,
    headers: { reason: letter.reason, detail: letter.detail.slice(0, 500), source: topic },
  }));
  await publisher.publish(deadLetterTopic(topic), messages);
}
