import { isSetupFault, isTransient as isTransientSql } from '@libs/database';
import { DomainError } from '@libs/kernel';
import { KafkaJSError, KafkaJSNumberOfRetriesExceeded } from 'kafkajs';

/** Whether trying the same again later makes sense without anybody mending anything in the message. */
export function willPass(error: unknown, isTransient?: (error: unknown) => boolean): boolean {
  if (error instanceof DomainError && error.kind === 'unavailable') return true;
  return (
    isTransientSql(error) || isSetupFault(error) || isKafkaAway(error) || (isTransient?.(error) ?? false)
  );
}

/** No broker took it; one that is there and refuses a message would refuse it again. */
function isKafkaAway(error: unknown): boolean {
  return (
    error instanceof KafkaJSNumberOfRetriesExceeded || (error instanceof KafkaJSError && error.retriable)
  );
}
