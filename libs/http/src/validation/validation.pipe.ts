import { ArgumentMetadata, Injectable, PipeTransform } from '@nestjs/common';
import { InvalidRequest } from '@libs/kernel';
import { readDto } from './read-dto';

const PLAIN = new Set<unknown>([String, Number, Boolean, Object, Array, Buffer]);

/**
 * Checks a body, query or parameter against its DTO class. Nest's own pipe would convert implicitly ("false" becomes
 * true) or let inherited names through, and waits for promises that no DTO here needs.
 * @throws InvalidRequest with one FieldError a problem
 */
@Injectable()
export class RequestValidationPipe implements PipeTransform {
  transform(value: unknown, { metatype, type, data }: ArgumentMetadata): unknown {
    if (type === 'custom') return value;
    if (metatype === undefined || PLAIN.has(metatype)) {
      if (typeof value === 'string') refuseUnstorable(value, data ?? type);
      else if (type !== 'body' && isRecord(value)) refuseUnstorableIn(value);
      return value;
    }
    const input = type === 'body' ? value : (value ?? {});
    if (!isRecord(input)) throw refusal('', 'malformed_body', 'The body is a JSON object.');
    if (type !== 'body') refuseUnstorableIn(input);
    return readDto(metatype as new () => object, input);
  }
}

/** Query strings and path parameters do not pass the JSON guard. */
function refuseUnstorableIn(input: Record<string, unknown>): void {
  for (const key of Object.keys(input)) {
    const value = input[key];
    for (const text of Array.isArray(value) ? (value as unknown[]) : [value])
      if (typeof text === 'string') refuseUnstorable(text, key);
  }
}

function refuseUnstorable(text: string, path: string): void {
  if (text.includes('\0') || !text.isWellFormed())
    throw refusal(path, 'forbidden_character', 'must not contain NUL or half of a surrogate pair');
}

function refusal(path: string, code: string, message: string): InvalidRequest {
  return new InvalidRequest([{ path, code, message }], false);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
