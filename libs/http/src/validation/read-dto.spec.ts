import { InvalidRequest } from '@libs/kernel';
import { Type } from 'class-transformer';
import { IsEmail, IsIn, IsInt, IsOptional, IsString, Max, MaxLength, ValidateNested } from 'class-validator';
import { IsAmount, isDay, IsDay, isInstant, IsMetadata, IsText, MayBeAbsent } from './decorators';
import { readDto } from './read-dto';

class Address {
  @IsString()
  street!: string;
}
class Base {
  @IsEmail()
  email!: string;
}
class Person extends Base {
  @MaxLength(5)
  @IsString()
  name!: string;

  @IsOptional()
  @Type(() => Number)
  @Max(9)
  @IsInt()
  age?: number;

  @MayBeAbsent()
  @IsIn(['a', 'b'], { each: true })
  tags?: string[];

  @ValidateNested()
  @Type(() => Address)
  home!: Address;

  @MayBeAbsent()
  @IsMetadata()
  extra?: Record<string, unknown>;
}
const PERSON = { email: 'dona@example.com', name: 'Dona', home: { street: 'Rua Augusta' } };

function errorsOf(work: () => unknown): string[] {
  try {
    work();
  } catch (error) {
    if (error instanceof InvalidRequest) return error.errors.map(({ path, code }) => `${path} ${code}`);
    throw error;
  }
  return [];
}
const person = (changes: object) => errorsOf(() => readDto(Person, { ...PERSON, ...changes }));

describe('readDto', () => {
  it('builds the classes, nested and inherited, and leaves free objects as they are', () => {
    const extra = { toString: 'kept', constructor: 'kept', deep: [{ a: 1 }] };
    const read = readDto(Person, { ...PERSON, age: '7', extra });
    expect(read).toBeInstanceOf(Person);
    expect(read.home).toBeInstanceOf(Address);
    expect(read.age).toBe(7);
    expect(read.extra).toEqual(extra);
  });

  it.each([
    [{ name: 'toolong' }, ['name malformed_name']],
    [{ name: 7 }, ['name malformed_name']],
    [{ name: undefined }, ['name malformed_name']],
    [{ email: 'x' }, ['email malformed_email']],
    [{ age: 'x' }, ['age malformed_age']],
    [{ age: '' }, ['age malformed_age']],
    [{ age: 10 }, ['age malformed_age']],
    [{ age: null }, []],
    [{ tags: 'a' }, ['tags malformed_tags']],
    [{ tags: ['a', 'c'] }, ['tags malformed_tags']],
    [{ tags: [] }, []],
    [{ home: null }, ['home malformed_home']],
    [{ home: [] }, ['home malformed_home']],
    [{ home: { street: 7 } }, ['home.street malformed_street']],
    [{ home: { street: 'x', hasOwnProperty: 1 } }, ['home.hasOwnProperty unknown_property']],
    [{ toString: 1 }, ['toString unknown_property']],
    [{ extra: null }, ['extra malformed_metadata']],
    [{ extra: { a: 'x'.repeat(9_000) } }, ['extra malformed_metadata']],
  ])('reads %j as %j', (changes, errors) => {
    expect(person(changes)).toEqual(errors);
  });

  it('names what is missing', () => {
    expect(errorsOf(() => readDto(Person, {}))).toEqual([
      'name missing_property',
      'home missing_property',
      'email missing_property',
    ]);
  });

  it('reports at most fifty problems', () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`k${at}`, at]));
    expect(person(many)).toHaveLength(50);
  });

  it('cleans and shortens a client’s own property names', () => {
    const [error = ''] = person({ ['a\u0000\u202e' + 'x'.repeat(500)]: 1 });
    expect(error).toMatch(/^a\u{fffd}\u{fffd}x+… unknown_property$/u);
  });

  it('says 422 only where every complaint is about meaning', () => {
    class Line {
      @IsAmount()
      amount!: string;
      @IsDay()
      day!: string;
    }
    const kindOf = (input: Record<string, unknown>) => {
      try {
        readDto(Line, input);
      } catch (error) {
        if (error instanceof InvalidRequest) return error.kind;
        throw error;
      }
      return 'fine';
    };
    expect(kindOf({ amount: 1, day: '2026-11-22' })).toBe('invalid');
    expect(kindOf({ amount: 1, day: 'x' })).toBe('malformed');
    expect(kindOf({ day: '2026-11-22' })).toBe('malformed');
    expect(kindOf({ amount: '-0.01', day: '2026-11-22' })).toBe('fine');
  });

  it('counts characters, not code units, and wants visible ones', () => {
    class Line {
      @IsText({ max: 3 })
      text!: string;
    }
    const fine = (text: unknown) => errorsOf(() => readDto(Line, { text })).length === 0;
    expect([
      fine('açã'),
      fine('😀😀😀'),
      fine('😀😀😀😀'),
      fine('abcd'),
      fine(''),
      fine('  '),
      fine('a\n'),
    ]).toEqual([true, true, false, false, false, false, false]);
  });
});

describe('days and instants', () => {
  it.each(['2026-02-28', '2024-02-29', '2000-02-29', '0001-01-01', '9999-12-31'])('%s is a day', (day) => {
    expect(isDay(day)).toBe(true);
  });
  it.each([
    '2026-02-29',
    '1900-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-04-31',
    '0000-01-01',
    '2026-1-1',
    '',
    7,
    null,
  ])('%s is none', (day) => {
    expect(isDay(day)).toBe(false);
  });
  it('an instant has an offset and exists', () => {
    expect(isInstant('2026-11-22T23:59:59.999-03:00')).toBe(true);
    expect(isInstant('2026-11-22T12:00:00Z')).toBe(true);
    for (const text of [
      '2026-11-22T12:00:00',
      '2026-11-22',
      '2026-02-30T00:00:00Z',
      '2026-11-22T24:00:00Z',
      '0001-01-01T00:00:00+00:01',
      '9999-12-31T23:59:59-00:01',
      'x',
    ])
      expect(isInstant(text)).toBe(false);
  });
});
