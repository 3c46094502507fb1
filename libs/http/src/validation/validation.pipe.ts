import { ArgumentMetadata, Injectable, PipeTransform } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validateSync, ValidatorOptions } from 'class-validator';
import { InvalidRequest } from '../http-errors';
import { fieldErrorsOf } from './field-errors';

const OPTIONS: ValidatorOptions = {
  whitelist: true,
  forbidNonWhitelisted: true,
  forbidUnknownValues: false,
  stopAtFirstError: true,
  validationError: { target: false, value: true },
};

/**
 * Checks a body, query or parameter against its DTO class: unknown properties refused, nothing converted that the
 * DTO does not convert itself (implicit conversion turns "false" into true). Synchronous, unlike Nest's own pipe:
 * no DTO here waits for anything, and the accept path pays for every promise.
 * @throws InvalidRequest with one FieldError a problem
 */
@Injectable()
export class RequestValidationPipe implements PipeTransform {
  transform(value: unknown, { metatype, type, data }: ArgumentMetadata): unknown {
    if (type === 'custom' || metatype === undefined || PLAIN.has(metatype)) {
      if (typeof value === 'string') refuseUnstorable(value, data ?? type);
      return value;
    }
    const input = type === 'body' ? value : (value ?? {});
    if (typeof input !== 'object' || input === null || Array.isArray(input))
      throw new InvalidRequest(
        [{ path: '', code: 'malformed_body', message: 'The body is a JSON object.' }],
        false,
      );
    if (type !== 'body') refuseUnstorableIn(input as Record<string, unknown>);
    const dto = plainToInstance(metatype as new () => object, input);
    const problems = validateSync(dto, OPTIONS);
    if (problems.length > 0) {
      const { errors, meaningOnly } = fieldErrorsOf(problems);
      throw new InvalidRequest(errors, meaningOnly);
    }
    return dto;
  }
}

const PLAIN = new Set<unknown>([String, Number, Boolean, Object, Array, Buffer]);

/** Query strings and path parameters do not pass the JSON guard. */
function refuseUnstorableIn(input: Record<string, unknown>): void {
  for (const key of Object.keys(input)) {
    if (key === '__proto__')
      throw new InvalidRequest(
        [{ path: key, code: 'unknown_property', message: 'is not known here' }],
        false,
      );
    const value = input[key];
    for (const text of Array.isArray(value) ? (value as unknown[]) : [value])
      if (typeof text === 'string') refuseUnstorable(text, key);
  }
}

function refuseUnstorable(text: string, path: string): void {
  if (text.includes('\0') || !text.isWellFormed())
    throw new InvalidRequest(
      [{ path, code: 'forbidden_character', message: 'must not contain NUL or half of a surrogate pair' }],
      false,
    );
}
