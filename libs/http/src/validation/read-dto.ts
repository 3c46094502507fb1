import { FieldError, InvalidRequest, MAX_ERRORS } from '@libs/kernel';
import { DtoPlan, Field, planOf } from './dto-plan';

/**
 * Builds a DTO from parsed input: unknown properties refused at every level, nothing converted that the class does
 * not convert itself, one complaint a property.
 * @throws InvalidRequest
 */
export function readDto<T extends object>(dto: new () => T, input: Record<string, unknown>): T {
  const reading = new Reading();
  const value = reading.object(planOf(dto), input, '');
  if (reading.errors.length > 0) throw new InvalidRequest(reading.errors, reading.meaningOnly);
  return value as T;
}

class Reading {
  readonly errors: FieldError[] = [];
  meaningOnly = true;

  object(plan: DtoPlan, input: Record<string, unknown>, prefix: string): object {
    const dto = plan.create() as Record<string, unknown>;
    for (const key of Object.keys(input)) {
      const field = plan.fields.get(key);
      if (field) dto[key] = this.value(field, input[key], input, prefix);
      else this.complain(prefix + key, 'unknown_property', 'is not known here');
    }
    for (const field of plan.fields.values())
      this.check(field, dto, prefix, Object.hasOwn(input, field.name));
    return dto;
  }

  private value(field: Field, raw: unknown, input: object, prefix: string): unknown {
    let value = raw;
    for (const transform of field.transforms) value = transform(value, input);
    if (!field.nested || value === null || value === undefined) return value;
    const path = prefix + field.name;
    if (!field.nested.each) return this.nested(field.nested.plan(), value, path, codeFor(field.name));
    if (!Array.isArray(value)) return this.refuse(value, path, codeFor(field.name), 'must be a list');
    const plan = field.nested.plan();
    return value.map((item: unknown, at) => this.nested(plan, item, `${path}.${at}`, 'malformed_item'));
  }

  private nested(plan: DtoPlan, value: unknown, path: string, code: string): unknown {
    if (!isRecord(value)) return this.refuse(value, path, code, 'must be an object');
    // past the limit nothing is reported any more, so nothing needs reading
    return this.errors.length < MAX_ERRORS ? this.object(plan, value, `${path}.`) : value;
  }

  private check(field: Field, dto: Record<string, unknown>, prefix: string, given: boolean): void {
    const value = dto[field.name];
    if (!field.conditions.every((holds) => holds(dto, value))) return;
    if (value === undefined && !given && (field.checks.length > 0 || field.nested)) {
      this.complain(prefix + field.name, 'missing_property', 'is missing');
      return;
    }
    const refused = field.checks.find((check) => !check.accepts(value, dto));
    if (refused) {
      const { code = codeFor(field.name), meaning = false } = refused.context;
      this.complain(prefix + field.name, code, refused.message(value, dto), meaning);
    } else if (field.nested && (value === null || value === undefined)) {
      this.complain(prefix + field.name, codeFor(field.name), 'must not be null');
    }
  }

  private refuse(value: unknown, path: string, code: string, message: string): unknown {
    this.complain(path, code, message);
    return value;
  }

  private complain(path: string, code: string, message: string, meaning = false): void {
    this.meaningOnly &&= meaning;
    if (this.errors.length < MAX_ERRORS && !this.errors.some((error) => error.path === shown(path)))
      this.errors.push({ path: shown(path), code, message });
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `occurredAt` → `malformed_occurred_at`. */
function codeFor(property: string): string {
  return `malformed_${property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;
}

/** A client's own property names come back in answers: shortened, never raw control characters. */
function shown(path: string): string {
  const clean = path.replace(/\p{C}/gu, '\u{fffd}');
  return clean.length > 200 ? `${clean.slice(0, 200)}…` : clean;
}
