import { parseJson } from '@libs/kernel';
import { Delivery, EventBody, Reception } from '../../application/delivery';
import { EventJudge, JudgedEvents } from '../../application/event-judge';
import { JudgeEvents } from '../../application/judge-events';
import { readBatch, readEvent } from './read-delivery';
import { wellFormed } from './well-formed';

/** Judges on the thread that it is called on. */
export class JudgeHere extends EventJudge {
  constructor(private readonly judgeEvents: JudgeEvents) {
    super();
  }

  async judge(reception: Reception, given: EventBody | Delivery): Promise<JudgedEvents> {
    return this.judgeEvents.execute(reception, 'events' in given ? given : read(given));
  }
}

function read({ source, batch, bytes }: EventBody): Delivery {
  const json = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // A text that was cut, or a number that loses digits, is the matter of its event: the reader refuses such numbers.
  const parsed = parseJson(json, 'unchecked');
  // only an escape can write what is not well-formed
  const body = json.includes('\\u') ? wellFormed(parsed) : parsed;
  return batch ? readBatch(body, source, bytes.length) : readEvent(body, source, bytes.length);
}
