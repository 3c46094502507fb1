import { EmbeddedServiceError } from '@libs/embedded';
import { CannotStart } from './cannot-start';

/** What to tell whoever typed `npm start`: what is wrong, and what to do about it. Never a stack. */
export function explainFailure(error: unknown, logs?: string): string {
  const lines = linesFor(error);
  return ['', 'MoneyFlow cannot start.', '', ...lines.map((line) => `  ${line}`), ...where(logs), ''].join(
    '\n',
  );
}

function linesFor(error: unknown): string[] {
  if (error instanceof CannotStart) return [error.problem, error.remedy];
  if (error instanceof EmbeddedServiceError) {
    return [error.message.replace(` ${error.advice}`, ''), error.advice];
  }
  const message = error instanceof Error ? error.message : String(error);
  return [message.split('\n')[0] ?? message, 'That was not expected.'];
}

function where(logs: string | undefined): string[] {
  return logs ? ['', `  The whole story: ${logs}/error.log`] : [];
}
