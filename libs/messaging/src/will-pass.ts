import { isSetupFault, isTransient as isTransientSql } from '@libs/database';
import { DomainError } from '@libs/kernel';

/** Whether trying the same again later makes sense without anybody mending anything in the message. */
export function willPass(error: unknown, isTransient?: (error: unknown) => boolean): boolean {
  if (error instanceof DomainError && error.kind === 'unavailable') return true;
  return isTransientSql(error) || isSetupFault(error) || (isTransient?.(error) ?? false);
}
