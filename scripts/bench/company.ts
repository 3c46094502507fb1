import { randomBytes } from 'node:crypto';

/** A company made over HTTP for a bench run, and the token of its owner. */
export interface Company {
  url: string;
  headers: { authorization: string };
}

export async function registerCompany(url: string): Promise<Company> {
  const subdomain = `bench-${randomBytes(4).toString('hex')}`;
  const credentials = {
    email: `${subdomain}@exemplo.com.br`,
    password: `Senha-${randomBytes(9).toString('hex')}`,
  };
  await post(`${url}/api/v1/auth/register`, {
    ...credentials,
    name: 'Bancada',
    tenant: { name: 'Bancada Ltda', subdomain },
  });
  const { tokens } = await post<{ tokens: { accessToken: string } }>(`${url}/api/v1/auth/login`, credentials);
  return { url, headers: { authorization: `Bearer ${tokens.accessToken}` } };
}

export async function post<T>(url: string, body: object, headers: Record<string, string> = {}): Promise<T> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`POST ${url}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}
