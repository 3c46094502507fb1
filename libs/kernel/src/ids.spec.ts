import { isUuid, newId } from './ids';

describe('ids', () => {
  it('are unique, canonical and ordered by time', () => {
    const ids = Array.from({ length: 10_000 }, () => newId());
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every(isUuid)).toBe(true);
    expect([...ids].sort()).toEqual(ids);
  });

  it.each([
    '',
    'x',
    '019A2B3C-4D5E-8F60-9A1B-2C3D4E5F6071',
    '019a2b3c4d5e8f609a1b2c3d4e5f6071',
    '019a2b3c-4d5e-0f60-9a1b-2c3d4e5f6071',
    7,
    null,
    ['019a2b3c-4d5e-8f60-9a1b-2c3d4e5f6071'],
  ])('refuses %j', (value) => {
    expect(isUuid(value)).toBe(false);
  });
});
