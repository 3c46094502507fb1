import { RecentlyUsed } from './recently-used';

describe('what was used lately', () => {
  it('is remembered while it is asked for, and bounded', () => {
    const memory = new RecentlyUsed<number>(100);
    memory.set('asked', 1);
    memory.set('never asked', 2);
    for (let index = 0; index < 1_000; index += 1) {
      memory.set(`passing ${index}`, index);
      if (index % 10 === 0) expect(memory.get('asked')).toBe(1);
    }
    expect(memory.get('never asked')).toBeUndefined();
    const held = Array.from({ length: 1_000 }, (_, index) => memory.get(`passing ${index}`)).filter(
      (value) => value !== undefined,
    );
    expect(held.length).toBeLessThanOrEqual(100);
    expect(held.length).toBeGreaterThanOrEqual(45);
  });
});
