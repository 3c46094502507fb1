import { demoCompany } from './demo-company';

const WITHIN_MS = 30_000;
/** A key that stands in a page is given a plan: in a header, where anybody can put it, it has no other limit of its own. */
const WRITE_KEY_PER_MINUTE = 600;

/** The demo company's owner, signed in to a running MoneyFlow: its public API, as any client has it. */
export class DemoSession {
  private constructor(
    private readonly baseUrl: string,
    private readonly token: string,
  ) {}

  /** @throws Error when there is no such company, or its password was changed */
  static async open(baseUrl: string): Promise<DemoSession> {
    const { email, password } = demoCompany;
    const response = await post(baseUrl, '/api/v1/auth/login', { email, password });
    await expectStatus(response, 200);
    const { tokens } = (await response.json()) as { tokens: { accessToken: string } };
    return new DemoSession(baseUrl, tokens.accessToken);
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return post(this.baseUrl, path, body, { ...headers, authorization: `Bearer ${this.token}` });
  }

  get(path: string): Promise<Response> {
    return fetch(new URL(path, this.baseUrl), {
      headers: { authorization: `Bearer ${this.token}` },
      signal: AbortSignal.timeout(WITHIN_MS),
    });
  }

  /** A key that may send events and nothing else. */
  async makeWriteKey(name: string, expiresAt?: Date): Promise<{ id: string; key: string }> {
    const response = await this.post('/api/v1/keys', {
      name,
      scopes: ['events:write'],
      requestsPerMinute: WRITE_KEY_PER_MINUTE,
      expiresAt: expiresAt?.toISOString(),
    });
    await expectStatus(response, 201);
    return (await response.json()) as { id: string; key: string };
  }
}

export function post(
  baseUrl: string,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(new URL(path, baseUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(WITHIN_MS),
  });
}

export async function expectStatus(response: Response, status: number): Promise<void> {
  if (response.status === status) return;
  throw new Error(`${response.url} answered ${response.status}: ${await response.text()}`);
}
