import { LruMap } from './lru-map';

const entry = { kid: 'k' };

describe('LruMap', () => {
  it('never holds more than its capacity and drops the least recently used', () => {
    const map = new LruMap<typeof entry>(2);
    map.set('a', entry);
    map.set('b', entry);
    map.get('a');
    map.set('c', entry);
    expect(map.size).toBe(2);
    expect(map.get('b')).toBeUndefined();
    expect(map.get('a')).toBe(entry);
  });

  it('keeps its other entries when one is written again', () => {
    const map = new LruMap<typeof entry>(2);
    map.set('a', entry);
    map.set('b', entry);
    map.set('b', entry);
    expect(map.size).toBe(2);
    expect(map.get('a')).toBe(entry);
  });
});
