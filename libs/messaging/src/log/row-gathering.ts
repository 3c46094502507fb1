import { OutgoingMessage } from '@libs/kernel';

/** A reader takes a row whole, so a row is kept at the size of a good batch. */
const MESSAGES_PER_ROW = 500;
const CHARACTERS_PER_ROW = 256 * 1024;
/** What a message weighs beside its value. */
const OVERHEAD = 100;

/** Messages of one topic that go into one row, or a part of one. */
export interface Portion {
  topic: string;
  messages: readonly OutgoingMessage[];
  /** In characters, which is bytes for nearly all that travels here. */
  weight: number;
}

/** Cuts what one caller publishes into portions that fit a row; a message heavier than a row stands alone. */
export function portions(topic: string, messages: readonly OutgoingMessage[]): Portion[] {
  const found: Portion[] = [];
  let from = 0;
  let weight = 0;
  for (let at = 0; at < messages.length; at += 1) {
    const own = weightOf(messages[at]);
    if (at > from && (at - from === MESSAGES_PER_ROW || weight + own > CHARACTERS_PER_ROW)) {
      found.push({ topic, messages: messages.slice(from, at), weight });
      from = at;
      weight = 0;
    }
    weight += own;
  }
  if (from < messages.length) found.push({ topic, messages: messages.slice(from), weight });
  return found;
}

/** Puts portions of one topic that came at about the same time into one row, as far as a row goes. */
export function rows(gathered: readonly Portion[]): { topic: string; messages: OutgoingMessage[] }[] {
  const found: { topic: string; messages: OutgoingMessage[]; weight: number }[] = [];
  const open = new Map<string, (typeof found)[number]>();
  for (const { topic, messages, weight } of gathered) {
    const row = open.get(topic);
    if (
      row &&
      row.messages.length + messages.length <= MESSAGES_PER_ROW &&
      row.weight + weight <= CHARACTERS_PER_ROW
    ) {
      for (const message of messages) row.messages.push(message);
      row.weight += weight;
    } else {
      const begun = { topic, messages: [...messages], weight };
      open.set(topic, begun);
      found.push(begun);
    }
  }
  return found;
}

function weightOf(message: OutgoingMessage | undefined): number {
  return (message?.value.length ?? 0) + OVERHEAD;
}
