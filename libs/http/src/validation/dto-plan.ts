import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { TransformationType } from 'class-transformer';
import { getMetadataStorage, ValidationArguments, ValidationTypes } from 'class-validator';

/** What a DTO decorator may say in its `context`: the code of its complaint, and whether it is about meaning (422). */
export interface CheckContext {
  code?: string;
  meaning?: boolean;
}

export interface Check {
  accepts(value: unknown, dto: object): boolean;
  message(value: unknown, dto: object): string;
  context: CheckContext;
}

export interface Field {
  name: string;
  /** All must hold for the field to be looked at: @IsOptional, @ValidateIf. */
  conditions: ((dto: object, value: unknown) => boolean)[];
  checks: Check[];
  transforms: ((value: unknown, source: object) => unknown)[];
  /** A nested DTO, by @ValidateNested and @Type. */
  nested?: { plan: () => DtoPlan; each: boolean };
}

export interface DtoPlan {
  create(): object;
  fields: ReadonlyMap<string, Field>;
}

type Constructor = new () => object;
const plans = new WeakMap<Constructor, DtoPlan>();

/**
 * What the decorators of class-validator and class-transformer say of a DTO class, read once. Their own executors
 * look everything up again for every object, treat `constructor` and `hasOwnProperty` as known properties, and
 * accept `[[…]]` for a list of objects.
 * @throws Error for a nested class without @Type, at the first request
 */
export function planOf(dto: Constructor): DtoPlan {
  let plan = plans.get(dto);
  if (!plan) plans.set(dto, (plan = makePlan(dto)));
  return plan;
}

function makePlan(dto: Constructor): DtoPlan {
  const fields = new Map<string, Field>();
  const storage = getMetadataStorage();
  for (const metadata of storage.getTargetValidationMetadatas(dto, '', true, false)) {
    const { propertyName } = metadata;
    let field = fields.get(propertyName);
    if (!field) fields.set(propertyName, (field = emptyField(dto, propertyName)));
    if (metadata.type === ValidationTypes.CONDITIONAL_VALIDATION)
      field.conditions.push(metadata.constraints[0] as Field['conditions'][number]);
    else if (metadata.type === ValidationTypes.NESTED_VALIDATION)
      field.nested = { plan: nestedPlan(dto, propertyName), each: metadata.each };
    else if (metadata.type !== ValidationTypes.WHITELIST) field.checks.push(...checksOf(metadata, dto));
  }
  return { create: () => new dto(), fields };
}

function emptyField(dto: Constructor, name: string): Field {
  const conversion = convertTo(defaultMetadataStorage.findTypeMetadata(dto, name)?.typeFunction());
  const transforms: Field['transforms'] = conversion ? [conversion] : [];
  const found = defaultMetadataStorage.findTransformMetadatas(dto, name, TransformationType.PLAIN_TO_CLASS);
  for (const { transformFn } of found)
    transforms.push(
      (value, obj) =>
        transformFn({
          value,
          key: name,
          obj,
          type: TransformationType.PLAIN_TO_CLASS,
          options: {},
        }) as unknown,
    );
  return { name, conditions: [], checks: [], transforms };
}

/** `@Type(() => Number)`, the usual way to read numbers from a query string; empty text stays what it is. */
function convertTo(type: unknown): ((value: unknown) => unknown) | undefined {
  if (type !== Number) return undefined;
  return (value) => (typeof value === 'string' && value.trim() !== '' ? Number(value) : value);
}

function nestedPlan(dto: Constructor, name: string): () => DtoPlan {
  const type = defaultMetadataStorage.findTypeMetadata(dto, name)?.typeFunction();
  if (!type) throw new Error(`${dto.name}.${name} is nested and needs @Type(() => …)`);
  return () => planOf(type as Constructor);
}

type Metadata = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];

function checksOf(metadata: Metadata, dto: Constructor): Check[] {
  const context = (metadata.context ?? {}) as CheckContext;
  return getMetadataStorage()
    .getTargetValidatorConstraints(metadata.constraintCls)
    .map(({ instance }) => {
      const argumentsOf = (value: unknown, object: object): ValidationArguments => ({
        targetName: dto.name,
        property: metadata.propertyName,
        object,
        value,
        constraints: (metadata.constraints ?? []) as unknown[],
      });
      const one = (value: unknown, object: object): boolean =>
        instance.validate(value, argumentsOf(value, object)) === true;
      return {
        context,
        accepts: (value, object) => {
          if (metadata.validateIf?.(object, value) === false) return true;
          if (!metadata.each) return one(value, object);
          return Array.isArray(value) && value.every((item) => one(item, object));
        },
        message: (value, object) => {
          const args = argumentsOf(value, object);
          const text = metadata.message || instance.defaultMessage?.(args) || 'is not acceptable';
          return fill(typeof text === 'function' ? text(args) : text, args);
        },
      };
    });
}

/** Never `$value`: what a client sent is not repeated in an answer. */
function fill(message: string, { property, constraints }: ValidationArguments): string {
  return message
    .replace(/^(each value in )?\$property /, '$1')
    .replaceAll('$property', property)
    .replace(/\$constraint(\d+)/g, (_all, at: string) => String(constraints[Number(at) - 1]));
}
