import { Client } from 'pg';
import { eventually, Mailbox } from '@libs/testing';
import { AuthUnderTest, PASSWORD, outcome } from './auth-under-test';
import { claimsOf } from './authenticator';
import { Company } from './company';

let auth: AuthUnderTest;
let mailbox: Mailbox;
let admin: Client;
let company: Company;
let rival: Company;

beforeAll(async () => {
  mailbox = await Mailbox.open();
  auth = await AuthUnderTest.start({ SMTP_URL: mailbox.url });
  admin = new Client({ connectionString: auth.database.adminUrl });
  await admin.connect();
  company = await Company.found(auth, mailbox, 'estrela');
  rival = await Company.found(auth, mailbox, 'rival');
});
afterAll(async () => {
  await admin?.end();
  await auth?.stop();
  await mailbox?.close();
});

const signOut = (userId: string, as?: string, of = company) =>
  of.call(`/members/${userId}/sessions`, { method: 'DELETE', as });
const refusedSoon = (token: string) =>
  eventually(async () => expect((await auth.me(token)).status).toBe(401), { within: 1_000 });

describe("a member's sessions", () => {
  it('end at once, in this tenant alone, and each is written down', async () => {
    const member = await company.member('operadora', 'operator');
    const again = await auth.login('estrela', { email: member.email });
    await rival.invite(member.email, 'viewer');
    await rival.accept(await rival.linkTo(member.email), { password: PASSWORD });
    const elsewhere = await auth.login('rival', { email: member.email, tenant: 'rival' });

    expect((await signOut(member.id)).status).toBe(204);
    for (const { accessToken, refreshToken } of [member.tokens, again]) {
      await refusedSoon(accessToken);
      expect(outcome(await auth.refresh(refreshToken))).toBe('401 invalid_refresh_token');
    }
    expect((await auth.me(elsewhere.accessToken)).status).toBe(200);
    expect((await auth.refresh(elsewhere.refreshToken)).status).toBe(200);

    const sids = [member.tokens, again].map(({ accessToken }) => claimsOf(accessToken)['sid']);
    const { rows } = await admin.query<{ target: string; actor_id: string; details: object }>(
      `select target, actor_id, details from auth.audit_entry
       where action = 'session.ended' and details ->> 'reason' = 'ended_by_admin'`,
    );
    expect(rows.map(({ target }) => target).sort()).toEqual(sids.sort());
    for (const { actor_id, details } of rows)
      expect({ actor_id, details }).toEqual({
        actor_id: await company.ownerId(),
        details: { userId: member.id, reason: 'ended_by_admin' },
      });
    const facts = await admin.query(
      `select 1 from auth.outbox where topic = 'auth.session-revoked.v1' and messages::text like '%ended_by_admin%'`,
    );
    expect(facts.rows.length).toBeGreaterThan(0);
    // the membership stays, and nothing is written twice
    expect((await signOut(member.id)).status).toBe(204);
    await auth.login('estrela', { email: member.email, tenant: 'estrela' });
  });

  it('are ended by who administers: an owner by owners only', async () => {
    const admins = await company.member('gerente', 'admin');
    const viewer = await company.member('olheira', 'viewer');
    const as = admins.tokens.accessToken;
    const ownerId = await company.ownerId();
    expect(outcome(await signOut(ownerId, as))).toBe('403 owner_required');
    expect(outcome(await signOut(admins.id, viewer.tokens.accessToken))).toBe('403 insufficient_scope');
    expect((await auth.me(company.owner)).status).toBe(200);
    expect((await signOut(viewer.id, as)).status).toBe(204);
    await refusedSoon(viewer.tokens.accessToken);
    const second = await company.member('socia', 'owner');
    expect((await signOut(second.id)).status).toBe(204);
    await refusedSoon(second.tokens.accessToken);
  });

  it("are not reached by another tenant's owner, nor by what is no id", async () => {
    const member = await company.member('alheia', 'operator');
    for (const id of [member.id, '019a2b3c-0000-7000-8000-000000000009', 'x', '..'])
      expect((await signOut(id, rival.owner, rival)).status).toBe(404);
    expect((await auth.me(member.tokens.accessToken)).status).toBe(200);
  });

  it('are ended by a fresh proof only', async () => {
    const member = await company.member('fresca', 'operator');
    const { refreshToken } = await auth.login('estrela');
    await admin.query(
      `update auth.session set authenticated_at = now() - interval '6 minutes'
       where user_id = (select id from auth.user where email = 'dona@estrela.example')`,
    );
    const stale = (await auth.refresh(refreshToken)).body.tokens.accessToken;
    expect(outcome(await signOut(member.id, stale))).toBe('403 step_up_required');
  });
});
