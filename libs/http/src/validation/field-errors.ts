import { FieldError } from '@libs/kernel';
import { ValidationError } from 'class-validator';

/** What a DTO decorator may say in its `context`: the code of its complaint, and whether it is about meaning (422). */
export interface ConstraintContext {
  code?: string;
  meaning?: boolean;
}

// More would only help somebody who makes us write long answers.
const MAX_ERRORS = 50;

interface Found {
  errors: FieldError[];
  meaningOnly: boolean;
}

/** Flattens class-validator's tree into dotted paths with stable codes. */
export function fieldErrorsOf(problems: readonly ValidationError[]): Found {
  const found: Found = { errors: [], meaningOnly: true };
  for (const problem of problems) collect(problem, '', found);
  return found;
}

function collect(problem: ValidationError, parent: string, found: Found): void {
  const path = parent === '' ? problem.property : `${parent}.${problem.property}`;
  for (const [constraint, message] of Object.entries(problem.constraints ?? {})) {
    if (found.errors.length >= MAX_ERRORS) return;
    const context = problem.contexts?.[constraint] as ConstraintContext | undefined;
    found.meaningOnly &&= context?.meaning === true && problem.value !== undefined;
    found.errors.push({
      path: shown(path),
      code: codeOf(problem, constraint, context),
      message: shown(message),
    });
  }
  for (const child of problem.children ?? []) collect(child, path, found);
}

function codeOf(problem: ValidationError, constraint: string, context?: ConstraintContext): string {
  if (constraint === 'whitelistValidation') return 'unknown_property';
  if (problem.value === undefined) return 'missing_property';
  return context?.code ?? `malformed_${snake(problem.property)}`;
}

// Property names of an array's items are its indexes: `malformed_item`.
function snake(property: string): string {
  return /^\d+$/.test(property) ? 'item' : property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** A client's own property names come back in answers: shortened, never raw control characters. */
function shown(text: string): string {
  const clean = text.replace(/\p{C}/gu, '\u{fffd}');
  return clean.length > 200 ? `${clean.slice(0, 200)}…` : clean;
}
