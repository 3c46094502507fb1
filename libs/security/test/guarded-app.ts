import { Module, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, NestFastifyApplication } from '@nestjs/platform-fastify';
import { DomainError, EventPublisher, requestContext } from '@libs/kernel';
import { ExpiringSet, SetSnapshot } from '@libs/redis';
import { ApiKeyDirectory } from '../src/api-keys/api-key-directory';
import { SecurityModule } from '../src/security.module';
import { KeyRing, PEPPERS, SentUses } from './key-ring';
import { SETTINGS, TestJwks, TokenForge } from './token-forge';

const STATUS: Record<string, number> = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  unavailable: 503,
};

/** The deny list's store, as tests change and switch it off. */
export class TestDenials extends ExpiringSet {
  members = new Set<string>();
  away = false;
  async addAll(_key: string, members: readonly { member: string }[]): Promise<void> {
    for (const { member } of members) this.members.add(member);
  }
  async snapshot(): Promise<SetSnapshot> {
    if (this.away) throw new Error('away');
    return { members: new Set(this.members), revision: '1' };
  }
}

export interface Answer {
  status: number;
  code?: string;
  body: Record<string, unknown>;
  challenge: unknown;
}

export interface GuardedApp {
  app: NestFastifyApplication;
  forge: TokenForge;
  denials: TestDenials;
  ring: KeyRing;
  uses: SentUses;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  /** A token of now, for the application runs on the real clock. */
  token(changes?: Record<string, unknown>): string;
}

/** Routes behind the real guard, on the real clock, every store in memory. */
export async function guardedApp(routes: Type, { keys = true } = {}): Promise<GuardedApp> {
  const [forge, denials, ring, uses] = [new TokenForge(), new TestDenials(), new KeyRing(), new SentUses()];
  class Source extends TestJwks {}
  const bound = [
    { provide: ExpiringSet, useValue: denials },
    { provide: Source, useValue: new Source([forge.jwk]) },
    ...(keys ? [{ provide: ApiKeyDirectory, useValue: ring }] : []),
    ...(keys ? [{ provide: EventPublisher, useValue: uses }] : []),
  ];
  @Module({ providers: bound, exports: bound.map(({ provide }) => provide) })
  class Stores {}
  const bindings = { imports: [Stores], jwksSource: Source };
  @Module({
    imports: [
      SecurityModule.forRoot(SETTINGS, keys ? { ...bindings, apiKeys: { peppers: PEPPERS } } : bindings),
    ],
    controllers: [routes],
  })
  class TestModule {}

  const app = await NestFactory.create<NestFastifyApplication>(TestModule, new FastifyAdapter(), {
    logger: false,
  });
  app.useGlobalFilters({ catch: answerWithCode });
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', (_request: unknown, _reply: unknown, done: () => void) =>
      requestContext.run({ requestId: 'r' }, done),
    );
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return { app, forge, denials, ring, uses, get: getFrom(app), token: tokensOf(forge) };
}

function answerWithCode(error: unknown, host: { switchToHttp(): { getResponse<T>(): T } }): void {
  const reply = host.switchToHttp().getResponse<{ code(status: number): { send(body: unknown): void } }>();
  const { code, kind } = error as DomainError;
  reply.code(STATUS[kind] ?? 500).send({ code });
}

function getFrom(app: NestFastifyApplication): GuardedApp['get'] {
  return async (path, headers = {}) => {
    const answer = await app.inject({ url: path, headers });
    const body = answer.json<Record<string, unknown>>();
    const code = body['code'] as string | undefined;
    return { status: answer.statusCode, code, body, challenge: answer.headers['www-authenticate'] };
  };
}

function tokensOf(forge: TokenForge): GuardedApp['token'] {
  return (changes = {}) => {
    const iat = Math.floor(Date.now() / 1000);
    return forge.sign(forge.claims({ iat, exp: iat + 900, ...changes }));
  };
}
