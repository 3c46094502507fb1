import { Mailbox } from '@libs/testing';
import { Role } from '../src/domain/role';
import { Answer, AuthUnderTest, PASSWORD, Tokens } from './auth-under-test';

const V1 = '/api/v1';

/** A registered tenant with a mailbox for its people, as its owner works with it. */
export class Company {
  private constructor(
    readonly auth: AuthUnderTest,
    readonly mailbox: Mailbox,
    readonly subdomain: string,
    readonly owner: string,
  ) {}

  static async found(auth: AuthUnderTest, mailbox: Mailbox, subdomain: string): Promise<Company> {
    await auth.register(subdomain);
    const { accessToken } = await auth.login(subdomain);
    return new Company(auth, mailbox, subdomain, accessToken);
  }

  /** A route under /tenants/me. */
  call<T = Record<string, unknown> & { code: string }>(
    path: string,
    call: { method?: 'GET' | 'POST' | 'PATCH' | 'DELETE'; body?: unknown; as?: string } = {},
  ): Promise<Answer<T>> {
    const { as, ...rest } = call;
    return this.auth.call<T>(`${V1}/tenants/me${path}`, { ...rest, token: as ?? this.owner });
  }

  invite(email: string, role: Role, as?: string) {
    return this.call<{ id: string; code: string }>('/members', { body: { email, role }, as });
  }

  /** The token of the link in the latest mail to this address. */
  async linkTo(email: string): Promise<string> {
    const { text } = await this.mailbox.latest(email);
    const token = /invitations\/(mf_invite_[\w-]+)/.exec(text)?.[1];
    if (!token) throw new Error('the mail has no link');
    return token;
  }

  accept(token: string, body: object = { name: 'Gente da Padaria', password: PASSWORD }) {
    return this.auth.call<Record<string, unknown> & { code: string; user: { id: string } }>(
      `${V1}/invitations/${token}/accept`,
      { body },
    );
  }

  /** Invited, accepted and signed in. */
  async member(name: string, role: Role): Promise<{ id: string; email: string; tokens: Tokens }> {
    const email = `${name}@${this.subdomain}.example`;
    await this.invite(email, role);
    const { status, body } = await this.accept(await this.linkTo(email));
    if (status !== 201) throw new Error(`accept → ${status} ${JSON.stringify(body)}`);
    return { id: body.user.id, email, tokens: await this.auth.login(this.subdomain, { email }) };
  }

  async ownerId(): Promise<string> {
    const { body } = await this.auth.call<{ user: { id: string } }>(`${V1}/auth/me`, { token: this.owner });
    return body.user.id;
  }
}
