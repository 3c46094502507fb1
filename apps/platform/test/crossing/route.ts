import { NestFastifyApplication } from '@nestjs/platform-fastify';
import { routesOf } from '@libs/http';

export const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export type Method = (typeof METHODS)[number];

/** One route of one application, as its router has it: `/api/v1/releases/:id`. */
export interface Route {
  app: NestFastifyApplication;
  method: Method;
  path: string;
}

export interface Request {
  app: NestFastifyApplication;
  method: Method;
  url: string;
  headers?: Record<string, string>;
  body?: unknown;
}

export interface Reply {
  status: number;
  code?: string;
  text: string;
  headers: Record<string, unknown>;
  /** When it came. */
  at: number;
}

const ENDLESS = /^GET \/api(?:\/v1)?\/analytics\/stream(?:\?|$)/;
// Every application has these; they show nothing of any tenant and ask for nothing.
const OPERATIONAL = /^\/(health|metrics|api-docs)/;

export function routesOfAll(apps: readonly NestFastifyApplication[]): Route[] {
  return apps.flatMap((app) =>
    routesOf(app).flatMap((each) => {
      const [method, path = ''] = each.split(' ');
      const known = METHODS.find((one) => one === method);
      return known && path !== '*' && !OPERATIONAL.test(path) ? [{ app, method: known, path }] : [];
    }),
  );
}

/** Without a socket; otherwise as over HTTP. */
export async function send({ app, method, url, headers, body }: Request): Promise<Reply> {
  const asked = { method, url, headers, payload: body as object | undefined };
  if (ENDLESS.test(`${method} ${url}`)) return begun(await app.inject({ ...asked, payloadAsStream: true }));
  const answer = await app.inject(asked);
  const { statusCode: status, body: text } = answer;
  return { status, code: codeIn(text), text, headers: answer.headers, at: Date.now() };
}

/** Server-sent events: of an answer that does not end the first one is enough. */
async function begun(answer: Awaited<ReturnType<NestFastifyApplication['inject']>>): Promise<Reply> {
  let text = '';
  for await (const part of answer.stream()) {
    text += String(part);
    if (/^data: .*\n\n/m.test(text)) break;
  }
  answer.raw.res.destroy();
  const { statusCode: status, headers } = answer;
  return { status, code: codeIn(text), text, headers, at: Date.now() };
}

function codeIn(text: string): string | undefined {
  try {
    const body: unknown = JSON.parse(text);
    const code: unknown = typeof body === 'object' && body !== null && 'code' in body && body.code;
    return typeof code === 'string' ? code : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** `path` with each parameter replaced. */
export function fill(path: string, value: string): string {
  return path.replace(/:[A-Za-z]+/g, value);
}
