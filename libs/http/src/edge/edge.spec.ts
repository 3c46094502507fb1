import { requestIdOf, traceparentOf } from '../trace';
import { canonicalUrl, pathOf } from './canonical-url';

describe('canonicalUrl', () => {
  it.each([
    ['/api/releases', '/api/v1/releases'],
    ['/api/releases?x=/api/y', '/api/v1/releases?x=/api/y'],
    ['/api/v1/releases', '/api/v1/releases'],
    ['/api/v1?x', '/api/v1?x'],
    ['/api/v2/releases', '/api/v2/releases'],
    ['/api/vendors', '/api/v1/vendors'],
    ['/api', '/api'],
    ['/health', '/health'],
  ])('%s is %s', (url, canonical) => {
    expect(canonicalUrl(url)).toBe(canonical);
  });
});

describe('pathOf', () => {
  it.each([
    ['/a/b?c=/d', '/a/b'],
    ['http://host/a?b', '/a'],
    ['http://host', '/'],
    ['*', '/'],
    ['?x', '/'],
  ])('%s is %s', (url, path) => {
    expect(pathOf(url)).toBe(path);
  });
});

describe('request ids and traces', () => {
  it('keeps a usable id', () => {
    expect(requestIdOf('abc-1.2_3:4')).toBe('abc-1.2_3:4');
    expect(requestIdOf('x'.repeat(128))).toHaveLength(128);
  });

  it.each([undefined, '', 'a b', 'a\r\nb', 'x'.repeat(129), ['a', 'b']])('replaces %j', (header) => {
    expect(requestIdOf(header)).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('makes traces that differ and are valid', () => {
    const made = new Set(Array.from({ length: 1_000 }, () => traceparentOf(undefined)));
    expect(made.size).toBe(1_000);
    for (const trace of made) expect(traceparentOf(trace)).toBe(trace);
  });

  it.each([
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
    `00-4bf92f3577b34da6a3ce929d0e0e4736-${'0'.repeat(16)}-01`,
    'ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    '00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01',
    'x',
  ])('starts a new trace instead of %s', (header) => {
    expect(traceparentOf(header)).not.toBe(header);
  });
});
