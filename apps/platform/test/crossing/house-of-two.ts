import { Client } from 'pg';
import { TenantId } from '@libs/kernel';
import { call, eventually, expectCall } from '@libs/testing';
import { HouseInProcess } from '../house-in-process';
import { alertsHaveFired } from './alerts-of-a-company';
import { bodyFor } from './bodies';
import { lifeOf } from './life-of-a-person';
import { Method, Route, routesOfAll, send } from './route';
import { openReceiver, Receiver, registerWebhooks, webhooksWereTold } from './webhooks-of-a-company';

const PASSWORD = 'correto cavalo bateria grampo';

/** One company, its owner signed in. */
export interface Side {
  subdomain: string;
  email: string;
  tenantId: TenantId;
  token: string;
}

/** What a company has that another one would like. */
export interface Treasure {
  releaseId: string;
  apiKey: string;
  /** An idempotency key and the release it made. */
  idempotency: { key: string; body: object; releaseId: string };
  /** A page's end, by the path of its list. */
  cursors: [path: string, cursor: string][];
}

/** The whole house in this process, with two companies that both use everything there is. */
export class HouseOfTwo {
  treasure!: Treasure;

  private constructor(
    readonly house: HouseInProcess,
    readonly admin: Client,
    readonly routes: Route[],
    readonly victim: Side,
    readonly attacker: Side,
    private readonly receiver: Receiver,
  ) {}

  static async open(environment: Record<string, string> = {}): Promise<HouseOfTwo> {
    const house = await HouseInProcess.open({ WEBHOOK_ALLOWED_NETWORKS: '127.0.0.1/32', ...environment });
    const admin = new Client({ connectionString: house.database.adminUrl });
    await admin.connect();
    const apps = [house.platform, ...house.applications.map(({ app }) => app)];
    const [victim, attacker] = [await found(house, 'estrela'), await found(house, 'intruso')];
    const two = new HouseOfTwo(house, admin, routesOfAll(apps), victim, attacker, await openReceiver());
    await two.use(attacker);
    two.treasure = await two.use(victim);
    return two;
  }

  get url(): string {
    return this.house.url;
  }

  signIn({ email }: Side): Promise<string> {
    return signIn(this.house, email);
  }

  /** The routes that ask for a credential. */
  async guarded(): Promise<Route[]> {
    const guarded: Route[] = [];
    for (const route of this.routes) {
      const url = route.path.replace(/:[A-Za-z]+/g, '00000000-0000-7000-8000-000000000000');
      const { status } = await send({ ...route, url, body: bodyFor(route.method, route.path) });
      if (status === 401) guarded.push(route);
    }
    return guarded;
  }

  async close(): Promise<void> {
    await this.admin.end();
    await this.house.close();
    await this.receiver.close();
  }

  /** Makes one of everything. */
  private async use(side: Side): Promise<Treasure> {
    const make = <T>(path: string, params: Record<string, string> = {}, headers = {}) => {
      const url = path.replace(/:([A-Za-z]+)/g, (_, name: string) => params[name] ?? name);
      const body = bodyFor('POST', path);
      return expectCall<T>(this.url, url, [200, 201, 202], { token: side.token, body, headers });
    };
    const idempotency = {
      key: `chave-de-${side.subdomain}`,
      body: { description: 'Aluguel', amount: '-7.00' },
    };
    const keyed = await expectCall<{ id: string }>(this.url, '/api/v1/releases', [202], {
      token: side.token,
      body: idempotency.body,
      headers: { 'idempotency-key': idempotency.key },
    });
    const { id: releaseId } = await make<{ id: string }>('/api/v1/releases');
    await make('/api/v1/releases/batch');
    await eventually(() =>
      expectCall(this.url, `/api/v1/consolidated/daily?after=${releaseId}`, [200], { token: side.token }),
    );
    await make('/api/v1/releases/:id/documents', { id: releaseId });
    await make('/api/v1/releases/:id/documents', { id: releaseId });
    await make('/api/v1/apps');
    const { key: apiKey } = await make<{ key: string }>('/api/v1/keys');
    await make('/api/v1/keys');
    await make('/api/v1/tenants/me/members');
    await make('/api/v1/tenants/me/members');
    await make('/api/v1/tenants/me/domains');
    await lifeOf(this.url, this.admin, side);
    await registerWebhooks(this.url, side, this.receiver);
    for (const name of ['um', 'dois'])
      await make('/api/v1/analytics/alerts', {}, { 'idempotency-key': name });
    await alertsHaveFired(this.url, this.admin, side);
    await webhooksWereTold(this.admin, side);
    return {
      releaseId,
      apiKey,
      idempotency: { ...idempotency, releaseId: keyed.id },
      cursors: await this.cursorsOf(side, releaseId),
    };
  }

  /** Where the first page of each list ends. */
  private async cursorsOf({ token }: Side, releaseId: string): Promise<[string, string][]> {
    const cursors: [string, string][] = [];
    for (const { method, path } of this.routes) {
      if (method !== ('GET' satisfies Method)) continue;
      const url = path.replace('/releases/:id/', `/releases/${releaseId}/`);
      const { body } = await call<{ nextCursor?: string }>(this.url, `${url}?limit=1`, { token }).catch(none);
      if (body?.nextCursor) cursors.push([path, body.nextCursor]);
    }
    return cursors;
  }
}

/** An answer that is no JSON, an export for one. */
function none(error: unknown): { body: undefined } {
  if ((error as Error).name === 'SyntaxError') return { body: undefined };
  throw error;
}

async function found(house: HouseInProcess, subdomain: string): Promise<Side> {
  const email = `dona@${subdomain}-ltda.example`;
  const tenant = { name: `Companhia ${subdomain}`, subdomain };
  const body = { email, password: PASSWORD, name: `Dona da ${subdomain}`, tenant };
  const made = await expectCall<{ tenant: { id: TenantId } }>(house.url, '/api/v1/auth/register', [201], {
    body,
  });
  return { subdomain, email, tenantId: made.tenant.id, token: await signIn(house, email) };
}

async function signIn(house: HouseInProcess, email: string): Promise<string> {
  type SignedIn = { tokens: { accessToken: string } };
  const body = { email, password: PASSWORD };
  const { tokens } = await expectCall<SignedIn>(house.url, '/api/v1/auth/login', [200], { body });
  return tokens.accessToken;
}
