import { EmbeddedServiceError } from '@libs/embedded';
import { CannotStart } from './cannot-start';

/**
 * What to tell whoever typed `npm start`: what is wrong, and what to do about it. Never a stack.
 * @param logs the folder that has the stack, for a failure that nobody foresaw
 */
export function explainFailure(error: unknown, logs?: string): string {
  const lines = linesFor(error, logs).map((line) => `  ${line}`);
  return ['', 'MoneyFlow cannot start.', '', ...lines, '', ''].join('\n');
}

function linesFor(error: unknown, logs: string | undefined): string[] {
  if (error instanceof CannotStart) return [error.problem, error.remedy];
  if (error instanceof EmbeddedServiceError) {
    return [error.message.replace(` ${error.advice}`, ''), error.advice];
  }
  const message = error instanceof Error ? error.message : String(error);
  const story = logs ? `The whole story is in ${logs}/error.log.` : 'That was not expected.';
  return [message.split('\n')[0] ?? message, story];
}
