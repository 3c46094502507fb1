import { randomUUID } from 'node:crypto';
import { eventually, Mailbox } from '@libs/testing';
import { Client } from 'pg';
import { AuthUnderTest, PASSWORD, Tokens, outcome } from './auth-under-test';
import { MovedClock } from './authenticator';
import { Company } from './company';
import { GoogleJourney, googleEnvironment } from './google-journey';
import { GooglePerson, OpenIdProviderUnderTest } from './openid-provider';

describe('a Google account that is linked', () => {
  let mails: Mailbox;
  let provider: OpenIdProviderUnderTest;
  let auth: AuthUnderTest;
  let admin: Client;
  let made = 0;

  beforeAll(async () => {
    provider = await OpenIdProviderUnderTest.start();
    mails = await Mailbox.open();
    auth = await AuthUnderTest.start({ ...googleEnvironment(provider.issuer), SMTP_URL: mails.url });
    admin = new Client({ connectionString: auth.database.adminUrl });
    await admin.connect();
  });
  afterAll(async () => {
    await admin?.end();
    await auth?.stop();
    await provider?.stop();
    await mails?.close();
  });

  const unlink = async (token: string) =>
    outcome(await auth.call('/api/v1/auth/google/link', { method: 'DELETE', token }));
  const mailed = (email: string, subject: RegExp) =>
    eventually(async () => {
      expect(mails.mails.some((mail) => mail.to.includes(email) && subject.test(mail.subject))).toBe(true);
    });
  const audited = async (email: string) => {
    const { rows } = await admin.query<{ action: string; tenants: string }>(
      `select a.action, count(distinct a.tenant_id) as tenants from auth.audit_entry a
       join auth.user u on a.target = u.id::text where u.email = $1 and a.action like 'identity.%' group by 1`,
      [email],
    );
    return Object.fromEntries(rows.map(({ action, tenants }) => [action, Number(tenants)]));
  };
  const byGoogle = async (person: GooglePerson, more: Record<string, unknown> = {}) =>
    new GoogleJourney(auth, provider).signIn(person, more);

  /** Of two companies, with a Google account linked to the same e-mail. */
  async function linked(): Promise<{
    email: string;
    subdomain: string;
    person: GooglePerson;
    tokens: Tokens;
  }> {
    const subdomain = `ligada-${++made}`;
    const email = `dona@${subdomain}.example`;
    await auth.register(subdomain);
    const company = await Company.found(auth, mails, `segunda-${made}`);
    await company.invite(email, 'viewer');
    const { status } = await company.accept(await company.linkTo(email), { password: PASSWORD });
    expect(status).toBe(201);
    const tokens = await auth.login(subdomain, { tenant: subdomain });
    const person = { sub: randomUUID(), email, email_verified: true, name: 'Dona' };
    const journey = new GoogleJourney(auth, provider);
    const code = await journey.codeFor(person, { purpose: 'link' });
    const body = { code, codeVerifier: journey.codeVerifier };
    const answer = await auth.call('/api/v1/auth/google/link', { body, token: tokens.accessToken });
    expect(answer.status).toBe(204);
    return { email, subdomain, person, tokens };
  }

  it('is told to its person by mail, and to each of their companies', async () => {
    const { email } = await linked();
    await mailed(email, /conta do Google foi vinculada/);
    expect(await audited(email)).toEqual({ 'identity.linked': 2 });
  });

  it('is given up: no way in any more, other sessions end, and everybody is told', async () => {
    const { email, subdomain, person, tokens } = await linked();
    const other = (await byGoogle(person, { tenant: subdomain })).body.tokens;
    expect(await unlink(tokens.accessToken)).toBe('204');
    expect((await byGoogle(person)).body.code).toBe('account_exists');
    expect((await auth.me(other.accessToken)).status).toBe(401);
    expect((await auth.refresh(other.refreshToken)).status).toBe(401);
    expect((await auth.refresh(tokens.refreshToken)).status).toBe(200);
    await mailed(email, /conta do Google foi desvinculada/);
    expect(await audited(email)).toEqual({ 'identity.linked': 2, 'identity.unlinked': 2 });
    expect(await unlink(tokens.accessToken)).toBe('404 google_not_linked');
  });

  it('is given up once by two who ask at once', async () => {
    const { tokens } = await linked();
    const answers = await Promise.all([unlink(tokens.accessToken), unlink(tokens.accessToken)]);
    expect(answers.sort()).toEqual(['204', '404 google_not_linked']);
  });

  it('stays while it is the only way in', async () => {
    const subdomain = `google-${++made}`;
    const email = `dona@${subdomain}.example`;
    const person = { sub: randomUUID(), email, email_verified: true, name: 'Dona' };
    const first = await byGoogle(person, { newTenant: { name: 'Padaria Google', subdomain } });
    expect(await unlink(first.body.tokens.accessToken)).toBe('409 only_way_in');
    const { status, body } = await byGoogle(person);
    expect(status).toBe(200);

    const before = mails.mails.length;
    await auth.call('/api/v1/auth/password/forgot', { body: { email } });
    const code = await eventually(async () => {
      const mail = mails.mails.slice(before).find(({ to }) => to.includes(email));
      const [found] = /[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(mail?.text ?? '') ?? [];
      if (!found) throw new Error('no mail yet');
      return found;
    });
    const reset = { email, code, password: PASSWORD };
    expect((await auth.call('/api/v1/auth/password/reset', { body: reset })).status).toBe(204);
    expect((await auth.me(body.tokens.accessToken)).status).toBe(401);
    expect(await unlink((await byGoogle(person)).body.tokens.accessToken)).toBe('204');
    expect((await auth.login(subdomain)).accessToken).toBeDefined();
  });

  it('is given up by a fresh proof alone', async () => {
    const { tokens } = await linked();
    const clock = new MovedClock(auth);
    try {
      await clock.advance(400);
      expect(await unlink(tokens.accessToken)).toBe('403 step_up_required');
    } finally {
      clock.restore();
    }
  });
});
