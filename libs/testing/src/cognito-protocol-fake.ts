import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';
import { Secret, TOTP } from 'otpauth';
import { CognitoFakeCalls } from './cognito-fake-calls';
import { CognitoFakeGrants } from './cognito-fake-grants';
import { CognitoFakePool, FakePerson, Refusal } from './cognito-fake-pool';
import { CognitoFakeTokens, Forgery } from './cognito-fake-tokens';

const TARGET = /^AWSCognitoIdentityProviderService\.([A-Za-z]+)$/;

const MAX_BODY = 256 * 1024;

/** How the pool is away: sockets are closed, every answer is a 500, or none comes. */
export type Outage = 'closed' | 'failing' | 'silent';

/**
 * A user pool over Cognito's own protocol (JSON 1.1). It is strict where emulators are lax: it refuses what Cognito
 * refuses, in its words.
 */
export class CognitoProtocolFake {
  /** What was called, in order; bodies as they came. */
  readonly calls: { call: string; body: Record<string, unknown> }[] = [];
  outage?: Outage;
  /** Every call is answered TooManyRequestsException. */
  throttled = false;
  readonly pool: CognitoFakePool;
  readonly grants: CognitoFakeGrants;
  readonly api: CognitoFakeCalls;
  private readonly tokens = new CognitoFakeTokens();
  private readonly failures: { call: string; refusal: Refusal }[] = [];

  private constructor(
    private readonly server: Server,
    readonly userPoolId: string,
    readonly clientId: string,
    readonly clientSecret: string | undefined,
  ) {
    this.pool = new CognitoFakePool(clientId, clientSecret);
    this.grants = new CognitoFakeGrants(this.pool, this.tokens, () => this.issuer);
    this.api = new CognitoFakeCalls(this.pool, this.grants);
    server.on('request', (request, response) => void this.answer(request, response));
  }

  static async start(options: { clientSecret?: string } = {}): Promise<CognitoProtocolFake> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new CognitoProtocolFake(
      server,
      'local_Fake00001',
      'fakeclient0000000000000001',
      options.clientSecret,
    );
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get issuer(): string {
    return `${this.endpoint}/${this.userPoolId}`;
  }

  /** For an app that is to use this pool. */
  environment(): Record<string, string> {
    return {
      IDENTITY_PROVIDER: 'cognito',
      AWS_REGION: 'local',
      COGNITO_ENDPOINT: this.endpoint,
      COGNITO_USER_POOL_ID: this.userPoolId,
      COGNITO_CLIENT_ID: this.clientId,
      ...(this.clientSecret ? { COGNITO_CLIENT_SECRET: this.clientSecret } : {}),
    };
  }

  person(email: string): FakePerson {
    const person = this.pool.find(email);
    if (!person) throw new Error(`the pool has no ${email}`);
    return person;
  }

  /** The last code sent to an e-mail or a telephone. */
  codeSentTo(to: string): string {
    const code = this.pool.sent.get(to);
    if (!code) throw new Error(`nothing was sent to ${to}`);
    return code;
  }

  /** The code an authenticator app shows, `steps` times 30 s from now. */
  codeOf(secret: string, steps = 0): string {
    return new TOTP({ secret: Secret.fromBase32(secret) }).generate({
      timestamp: this.pool.now() + steps * 30_000,
    });
  }

  /** Moves the pool's clock on. */
  advance(seconds: number): void {
    this.pool.offsetMs += seconds * 1000;
  }

  /** The next `call` is refused like this. */
  failNext(call: string, type: string, message = type): void {
    this.failures.push({ call, refusal: new Refusal(type, message) });
  }

  /** Tokens are made by `forgery` from now on; nothing for right ones. */
  forge(forgery: Forgery | undefined): void {
    this.tokens.forgery = forgery;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.outage === 'closed') return void request.socket.destroy();
    if (this.outage === 'silent') return;
    try {
      const body = await this.bodyOf(request);
      const given = this.outage === 'failing' ? internal() : this.respond(request, body);
      response.setHeader('content-type', 'application/x-amz-json-1.1').end(JSON.stringify(given));
    } catch (error) {
      const refusal = error instanceof Refusal ? error : new Refusal('InternalErrorException', 'broken', 500);
      response
        .writeHead(refusal.status, {
          'content-type': 'application/x-amz-json-1.1',
          'x-amzn-errortype': refusal.type,
        })
        .end(JSON.stringify({ __type: refusal.type, message: refusal.message }));
    }
  }

  private respond(request: IncomingMessage, raw: string): object {
    if (request.method === 'GET' && request.url === `/${this.userPoolId}/.well-known/jwks.json`)
      return this.tokens.jwks();
    const call = TARGET.exec(String(request.headers['x-amz-target']))?.[1] ?? '';
    const known = /^[A-Z]/.test(call) && typeof Reflect.get(this.api, call) === 'function';
    if (request.method !== 'POST' || request.url !== '/' || !known)
      throw new Refusal('UnknownOperationException', `unknown operation ${call}`);
    if (request.headers['content-type'] !== 'application/x-amz-json-1.1')
      throw new Refusal('SerializationException', 'the content type is not JSON 1.1');
    const body = JSON.parse(raw) as Record<string, unknown>;
    this.calls.push({ call, body });
    if (this.throttled) throw new Refusal('TooManyRequestsException', 'Rate exceeded');
    const planned = this.failures.findIndex((each) => each.call === call);
    const [failure] = planned >= 0 ? this.failures.splice(planned, 1) : [];
    if (failure) throw failure.refusal;
    return this.api[call as 'GetUser'](body);
  }

  private async bodyOf(request: IncomingMessage): Promise<string> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MAX_BODY) throw new Refusal('SerializationException', 'too large');
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString();
  }
}

function internal(): never {
  throw new Refusal('InternalErrorException', 'Internal error', 500);
}
