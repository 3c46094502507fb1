import { hostOf } from './request-host';

const request = (host: string | string[] | undefined, url = '/x', rawHeaders: string[] = []) => ({
  headers: { host, 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' },
  raw: { url, rawHeaders },
});

describe('hostOf', () => {
  it('is the Host header, whatever a proxy claims', () => {
    expect(hostOf(request('estrela.localhost'))).toBe('estrela.localhost');
    expect(hostOf(request(undefined))).toBeUndefined();
    expect(hostOf(request(''))).toBe('');
  });

  it.each([
    [['Host', 'localhost', 'Host', 'estrela.localhost']],
    [['hOsT', 'localhost', 'Accept', '*/*', 'HOST', 'localhost']],
  ])('is nothing where two are named: %j', (rawHeaders) => {
    expect(hostOf(request('localhost', '/x', rawHeaders))).toBeNull();
    expect(hostOf(request(['localhost', 'estrela.localhost']))).toBeNull();
  });

  it('is that of an absolute target, which the header must not contradict', () => {
    expect(hostOf(request('estrela.localhost', 'http://Estrela.localhost/x'))).toBe('Estrela.localhost');
    expect(hostOf(request(undefined, 'http://estrela.localhost/x'))).toBe('estrela.localhost');
    expect(hostOf(request('localhost', 'http://estrela.localhost/x'))).toBeNull();
    expect(hostOf(request('localhost', 'http://localhost@estrela.localhost/x'))).toBeNull();
    expect(hostOf(request('localhost', '*'))).toBe('localhost');
  });
});
