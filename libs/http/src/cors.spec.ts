import { requestContext, TenantId } from '@libs/kernel';
import { FastifyReply, FastifyRequest } from 'fastify';
import { Cors, TenantOrigins } from './cors';

class Origins extends TenantOrigins {
  isRegistered(origin: string) {
    return origin === 'https://padaria.example';
  }
  isOf(tenantId: string, origin: string) {
    return tenantId === 'padaria' && this.isRegistered(origin);
  }
}
const cors = new Cors(['https://app.example.com'], () => new Origins());

function exchange(origin: string, tenantId?: string, method = 'GET') {
  const headers: Record<string, string> = {};
  const reply = {
    header: (name: string, value: string) => ((headers[name] = value), reply),
    hasHeader: (name: string) => name in headers,
    code: () => reply,
    send: () => reply,
  };
  const request = { raw: { method, headers: { origin, 'access-control-request-method': 'POST' } } };
  const context = { requestId: 'r', tenantId: tenantId as TenantId };
  requestContext.run(context, () => {
    const asked = request as unknown as FastifyRequest;
    const answered = reply as unknown as FastifyReply;
    if (!cors.onRequest(asked, answered)) cors.onSend(asked, answered);
  });
  return headers['access-control-allow-origin'];
}

describe('a tenant’s own origin', () => {
  it('is named on an answer to that tenant only', () => {
    expect(exchange('https://padaria.example', 'padaria')).toBe('https://padaria.example');
    expect(exchange('https://padaria.example', 'farmacia')).toBeUndefined();
    expect(exchange('https://evil.example', 'padaria')).toBeUndefined();
  });

  it('is named where nobody signed in: a page must read why, and sign in', () => {
    expect(exchange('https://padaria.example')).toBe('https://padaria.example');
    expect(exchange('https://evil.example')).toBeUndefined();
  });

  it('passes a preflight, which carries no token', () => {
    expect(exchange('https://padaria.example', undefined, 'OPTIONS')).toBe('https://padaria.example');
    expect(exchange('https://evil.example', undefined, 'OPTIONS')).toBeUndefined();
  });

  it('gives way to the allow-list, which serves every tenant', () => {
    expect(exchange('https://app.example.com', 'farmacia')).toBe('https://app.example.com');
  });
});
