import { NestFastifyApplication } from '@nestjs/platform-fastify';
import { eventLogSchema } from '@libs/messaging';
import { TestDatabase, testDatabase } from '@libs/testing';
import { createAuthApp } from '../src/auth.app';
import { AuthConfig, authConfig } from '../src/auth.config';
import { authSchema } from '../src/auth.schema';

export const PASSWORD = 'correto cavalo bateria grampo';

export interface Answer<T = Record<string, unknown>> {
  status: number;
  headers: Record<string, unknown>;
  body: T;
}

export interface Tokens {
  accessToken: string;
  refreshToken: string;
  tokenType: string;
  expiresIn: number;
}

export interface Call {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  token?: string;
  body?: unknown;
  headers?: Record<string, string>;
  from?: string;
}

/** Auth as it runs, over HTTP without a socket, on a database of its own and the in-process twins of Redis. */
export class AuthUnderTest {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly database: TestDatabase,
  ) {}

  static async start(environment: Record<string, string> = {}): Promise<AuthUnderTest> {
    const database = await testDatabase([authSchema, eventLogSchema]);
    return new AuthUnderTest(await createAuthApp(configOf(database, environment)), database);
  }

  /** Another process on the same database. */
  async another(environment: Record<string, string> = {}): Promise<AuthUnderTest> {
    return new AuthUnderTest(await createAuthApp(configOf(this.database, environment)), this.database);
  }

  async call<T = Record<string, unknown>>(path: string, call: Call = {}): Promise<Answer<T>> {
    const { body, token, headers, from } = call;
    const answer = await this.app.inject({
      method: call.method ?? (body === undefined ? 'GET' : 'POST'),
      url: path,
      remoteAddress: from ?? '127.0.0.1',
      headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), ...headers },
      payload: body as object | undefined,
    });
    const text = answer.body;
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: (text ? JSON.parse(text) : undefined) as T,
    };
  }

  register(subdomain: string, changes: Record<string, unknown> = {}): Promise<Answer> {
    const person = { email: `dona@${subdomain}.example`, password: PASSWORD, name: 'Dona da Padaria' };
    const tenant = { name: 'Padaria Estrela Ltda', subdomain };
    return this.call('/api/v1/auth/register', { body: { ...person, tenant, ...changes } });
  }

  async login(subdomain: string, changes: Record<string, unknown> = {}): Promise<Tokens> {
    const body = { email: `dona@${subdomain}.example`, password: PASSWORD, ...changes };
    const answer = await this.call<{ tokens: Tokens }>('/api/v1/auth/login', { body });
    if (answer.status !== 200) throw new Error(`login → ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body.tokens;
  }

  refresh(refreshToken: string): Promise<Answer<{ tokens: Tokens; code: string }>> {
    return this.call('/api/v1/auth/refresh', { body: { refreshToken } });
  }

  me(token: string): Promise<Answer> {
    return this.call('/api/v1/auth/me', { token });
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.database.drop();
  }
}

/** Limits off unless a spec is about them; as much else as possible as it comes. */
export function configOf(database: TestDatabase, environment: Record<string, string> = {}): AuthConfig {
  return authConfig.parse({
    DATABASE_URL: database.urlFor('auth_api'),
    DATABASE_RELAY_URL: database.urlFor('auth_relay'),
    EVENT_LOG_URL: database.urlFor('event_log'),
    REDIS_URL: 'memory:',
    SMTP_URL: 'log:',
    AUTH_KEY_SECRET: 'a secret for tests, thirty-two characters at least',
    API_KEY_SECRET: 'a pepper for tests, thirty-two characters at least',
    RATE_LIMIT_LOGIN_PER_15_MIN: '0',
    RATE_LIMIT_GENERAL_PER_MIN: '0',
    ...environment,
  });
}

/** `204`, or `409 last_owner`. */
export function outcome({ status, body }: { status: number; body?: { code?: string } }): string {
  return body?.code === undefined ? String(status) : `${status} ${body.code}`;
}
