import { parseJson } from '@libs/kernel';
import { Delivery, EventBody, Reception } from '../../application/delivery';
import { EventJudge, JudgedEvents } from '../../application/event-judge';
import { JudgeEvents } from '../../application/judge-events';
import { readBatch, readEvent } from './read-delivery';

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
  const body = parseJson(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  return batch ? readBatch(body, source, bytes.length) : readEvent(body, source, bytes.length);
}
