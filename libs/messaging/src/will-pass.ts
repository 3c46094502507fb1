import { DomainError } from '@libs/kernel';

/** PostgreSQL's classes of errors that say nothing about the data: connection, serialisation, resources, shutdown. */
const PASSING_SQL_STATES = /^(08|53|57P|40001|40P01|55P03|25006)/;
const PASSING_SYSTEM_CODES = /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|ENOTFOUND)/;

/** Whether trying the same again later makes sense without anybody mending anything in the message. */
export function willPass(error: unknown, isTransient?: (error: unknown) => boolean): boolean {
  if (isTransient?.(error)) return true;
  if (error instanceof DomainError) return error.kind === 'unavailable';
  const code = codeOf(error);
  return PASSING_SQL_STATES.test(code) || PASSING_SYSTEM_CODES.test(code);
}

function codeOf(error: unknown): string {
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    const { code } = each as { code?: unknown };
    if (typeof code === 'string') return code;
  }
  return '';
}
