import { HmacPseudonyms, SystemClock } from '@libs/kernel';
import { EnrichEvents } from './application/enrich-events';
import { EventJudge } from './application/event-judge';
import { JudgeEvents } from './application/judge-events';
import { JudgeHere } from './infrastructure/judging/judge-here';
import { EnvelopeWriter } from './infrastructure/log/envelope-writer';
import { SchemaEventReader } from './infrastructure/schemas/schema-event-reader';
import { UapUserAgents } from './infrastructure/user-agents/uap-user-agents';

/** From a body to messages of the log, the same on every thread. No Nest here: a thread has nothing else to load. */
export function judgeHere(pseudonymSecret: string): EventJudge {
  const clock = new SystemClock();
  const enrich = new EnrichEvents(new UapUserAgents(), new HmacPseudonyms(pseudonymSecret));
  return new JudgeHere(new JudgeEvents(new SchemaEventReader(clock), enrich, new EnvelopeWriter(clock)));
}
