import { Client } from 'pg';
import { eventually, Mailbox } from '@libs/testing';
import { PasswordHasher } from '../src/application/sign-in/password-hasher';
import { AuthUnderTest, PASSWORD, outcome } from './auth-under-test';
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

async function actions(subdomain: string): Promise<string[]> {
  const { rows } = await admin.query<{ action: string }>(
    `select a.action from auth.audit_entry a join auth.tenant t on t.id = a.tenant_id
     where t.subdomain = $1 order by a.seq`,
    [subdomain],
  );
  return rows.map(({ action }) => action);
}

describe('an invitation', () => {
  it('goes to the invited alone, in Portuguese, and makes a new person a member who signs in', async () => {
    const { status, body } = await company.invite('Novata@estrela.example', 'operator');
    expect(status).toBe(201);
    expect(JSON.stringify(body)).not.toContain('mf_invite_');
    const mail = await mailbox.latest('novata@estrela.example');
    expect(mail.subject).toBe('Convite para Padaria Estrela Ltda no MoneyFlow');
    expect(mail.text).toMatch(/convidou você[^]*operador\(a\)[^]*O convite vale até/);

    const token = await company.linkTo('novata@estrela.example');
    const offer = await auth.call(`/api/v1/invitations/${token}`);
    expect(offer.headers['cache-control']).toBe('no-store');
    expect(offer.body).toMatchObject({
      subdomain: 'estrela',
      email: 'novata@estrela.example',
      role: 'operator',
      hasAccount: false,
    });

    const joined = await company.accept(token);
    expect(joined).toMatchObject({ status: 201, body: { role: 'operator', confirmed: true } });
    expect(joined.body).not.toHaveProperty('tokens');
    const { accessToken } = await auth.login('estrela', { email: 'novata@estrela.example' });
    expect((await auth.me(accessToken)).body).toMatchObject({
      role: 'operator',
      tenant: { subdomain: 'estrela' },
    });
    expect(await actions('estrela')).toEqual(expect.arrayContaining(['member.invited', 'member.joined']));
  });

  it('is good once, also for fifty who come at once', async () => {
    await company.invite('corrida@estrela.example', 'viewer');
    const token = await company.linkTo('corrida@estrela.example');
    const answers = await Promise.all(Array.from({ length: 50 }, () => company.accept(token)));
    const outcomes = answers.map(outcome);
    expect(outcomes.filter((each) => each === '201')).toHaveLength(1);
    expect(
      outcomes.filter((each) => !/^(201|404 invitation_not_found|503 password_checks_busy)$/.test(each)),
    ).toEqual([]);
    expect(outcome(await company.accept(token))).toBe('404 invitation_not_found');
  });

  it.each([
    ['a short password', 'a'],
    ['a common password', 'password123'],
    ['the invited e-mail', 'fraca@estrela.example'],
    ['the company’s name', 'PadariaEstrelaLtda1'],
  ])('is not taken up with %s, and stays good', async (_name, password) => {
    await company.invite('fraca@estrela.example', 'viewer');
    const token = await company.linkTo('fraca@estrela.example');
    const refused = await company.accept(token, { name: 'Gente da Padaria', password });
    expect(outcome(refused)).toBe('422 weak_password');
    expect((await auth.call(`/api/v1/invitations/${token}`)).status).toBe(200);
  });

  it('waits for no password to be hashed while its row is locked', async () => {
    await company.invite('lenta@estrela.example', 'viewer');
    const token = await company.linkTo('lenta@estrela.example');
    const hasher = auth.app.get(PasswordHasher, { strict: false });
    const hash = hasher.hash.bind(hasher);
    jest.spyOn(hasher, 'hash').mockImplementationOnce(async (password) => {
      await admin.query('select 1 from auth.invitation for update nowait');
      return hash(password);
    });
    expect((await company.accept(token)).status).toBe(201);
  });

  it('is one answer to whatever is no open invitation', async () => {
    await company.invite('antiga@estrela.example', 'viewer');
    const replaced = await company.linkTo('antiga@estrela.example');
    const { body } = await company.invite('antiga@estrela.example', 'viewer');
    const withdrawn = await company.linkTo('antiga@estrela.example');
    expect(replaced).not.toBe(withdrawn);
    expect((await company.call(`/invitations/${body.id}`, { method: 'DELETE' })).status).toBe(204);
    expect(outcome(await company.call(`/invitations/${body.id}`, { method: 'DELETE' }))).toBe(
      '404 invitation_not_found',
    );
    await company.invite('atrasada@estrela.example', 'viewer');
    const outdated = await company.linkTo('atrasada@estrela.example');
    await admin.query(
      `update auth.invitation set expires_at = now() where email = 'atrasada@estrela.example'`,
    );
    const answers = [];
    for (const token of [replaced, withdrawn, outdated, 'mf_invite_', `${outdated}x`, '..%2f..%2fkeys']) {
      answers.push(await auth.call(`/api/v1/invitations/${token}`));
      answers.push(await company.accept(token));
    }
    expect(new Set(answers.map(outcome))).toEqual(new Set(['404 invitation_not_found']));
  });

  it('cannot be moved to another tenant by its text', async () => {
    await company.invite('forjada@estrela.example', 'viewer');
    const token = await company.linkTo('forjada@estrela.example');
    const bytes = Buffer.from(token.slice('mf_invite_'.length), 'base64url');
    const { rows } = await admin.query<{ id: string }>(
      `select id from auth.tenant where subdomain = 'rival'`,
    );
    bytes.write(String(rows[0]?.id).replaceAll('-', ''), 0, 'hex');
    expect(outcome(await company.accept(`mf_invite_${bytes.toString('base64url')}`))).toBe(
      '404 invitation_not_found',
    );
  });

  it('takes the password of the account that the e-mail has, and gives no tokens for it', async () => {
    await company.invite('dona@rival.example', 'viewer');
    const token = await company.linkTo('dona@rival.example');
    expect((await auth.call(`/api/v1/invitations/${token}`)).body).toMatchObject({ hasAccount: true });
    expect(outcome(await company.accept(token, { name: 'Outra', password: 'not the right password' }))).toBe(
      '401 invalid_credentials',
    );
    const { status, body } = await company.accept(token, { password: PASSWORD });
    expect({ status, body }).toMatchObject({ status: 201, body: { user: { name: 'Dona da Padaria' } } });
    const { accessToken } = await auth.login('rival', { tenant: 'estrela' });
    expect((await auth.me(accessToken)).body).toMatchObject({ role: 'viewer' });
    expect(outcome(await company.invite('dona@rival.example', 'admin'))).toBe('409 already_a_member');
  });

  it('is joined by the signed-in person it was sent to, and by no other', async () => {
    await rival.invite('dona@estrela.example', 'operator');
    const token = await rival.linkTo('dona@estrela.example');
    const join = (as: string) =>
      auth.call<{ code: string }>(`/api/v1/invitations/${token}/join`, { method: 'POST', token: as });
    expect(outcome(await join(rival.owner))).toBe('403 invitation_for_another');
    expect((await auth.call(`/api/v1/invitations/${token}/join`, { method: 'POST' })).status).toBe(401);
    expect(outcome(await join(company.owner))).toBe('201');
    expect(outcome(await join(company.owner))).toBe('404 invitation_not_found');
  });

  it('may be sent again when the mail server was away, and leaves no second link alive', async () => {
    mailbox.refusing = true;
    expect(outcome(await company.invite('longe@estrela.example', 'viewer'))).toBe('503 mail_unavailable');
    mailbox.refusing = false;
    expect((await company.invite('longe@estrela.example', 'viewer')).status).toBe(201);
    const { body } = await company.call<{ items: { email: string }[] }>('/invitations?limit=200');
    expect(body.items.filter(({ email }) => email === 'longe@estrela.example')).toHaveLength(1);
  });

  it('carries no message of the company to a stranger', async () => {
    await company.call('', { method: 'PATCH', body: { name: 'Ganhe em http://premio.evil/x <b>já</b>' } });
    await company.invite('estranha@estrela.example', 'viewer');
    const { subject, text } = await mailbox.latest('estranha@estrela.example');
    expect(subject + text).not.toMatch(/premio\.evil|http:\/\/premio|<b>/);
    await company.call('', { method: 'PATCH', body: { name: 'Padaria Estrela Ltda' } });
  });

  it('is refused for what is no role and no e-mail', async () => {
    expect(outcome(await company.invite('a@b.example', 'root' as 'owner'))).toBe('400 unknown_role');
    expect(outcome(await company.invite('a@b.example, c@d.example', 'viewer'))).toBe('422 malformed_email');
  });
});

describe('a member', () => {
  it('is listed page by page, with those of no other tenant', async () => {
    const emails: string[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? '' : `&cursor=${cursor}`;
      const { body } = await company.call<{ items: { email: string }[]; nextCursor: string | null }>(
        `/members?limit=2${query}`,
      );
      emails.push(...body.items.map(({ email }) => email));
      cursor = body.nextCursor;
    } while (cursor !== null);
    expect(emails[0]).toBe('dona@estrela.example');
    expect(new Set(emails).size).toBe(emails.length);
    const { rows } = await admin.query(
      `select 1 from auth.membership m join auth.tenant t on t.id = m.tenant_id where t.subdomain = 'estrela'`,
    );
    expect(emails).toHaveLength(rows.length);
  });

  it('who is demoted is signed out of this tenant at once, and of no other', async () => {
    const { id, email, tokens } = await company.member('gerente', 'admin');
    await rival.invite(email, 'viewer');
    await company.accept(await rival.linkTo(email), { password: PASSWORD });
    const elsewhere = await auth.login('estrela', { email, tenant: 'rival' });

    expect((await company.call(`/members/${id}`, { method: 'PATCH', body: { role: 'viewer' } })).status).toBe(
      204,
    );
    expect((await auth.me(tokens.accessToken)).status).toBe(401);
    expect((await auth.refresh(tokens.refreshToken)).status).toBe(401);
    expect((await auth.me(elsewhere.accessToken)).status).toBe(200);
    const { accessToken } = await auth.login('estrela', { email, tenant: 'estrela' });
    expect((await auth.me(accessToken)).body).toMatchObject({ role: 'viewer' });
  });

  it('who is promoted stays signed in', async () => {
    const { id, tokens } = await company.member('promovida', 'viewer');
    await company.call(`/members/${id}`, { method: 'PATCH', body: { role: 'operator' } });
    expect((await auth.me(tokens.accessToken)).status).toBe(200);
    const { body } = await auth.refresh(tokens.refreshToken);
    expect((await auth.me(body.tokens.accessToken)).body).toMatchObject({ role: 'operator' });
  });

  it('who is removed is out at once, with the invitations they sent, and may be asked back', async () => {
    const { id, email, tokens } = await company.member('saindo', 'admin');
    await company.invite('cunhado@estrela.example', 'admin', tokens.accessToken);
    const left = await company.linkTo('cunhado@estrela.example');
    expect((await company.call(`/members/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await auth.me(tokens.accessToken)).status).toBe(401);
    expect((await auth.refresh(tokens.refreshToken)).status).toBe(401);
    expect(outcome(await company.accept(left))).toBe('404 invitation_not_found');
    expect(outcome(await company.call(`/members/${id}`, { method: 'DELETE' }))).toBe('404 member_not_found');
    await expect(auth.login('estrela', { email })).rejects.toThrow('not_a_member');
    await company.invite(email, 'viewer');
    expect((await company.accept(await company.linkTo(email), { password: PASSWORD })).status).toBe(201);
  });

  it('of another tenant is not found under any verb', async () => {
    const foreign = await Company.found(auth, mailbox, 'alheia');
    const stranger = await foreign.ownerId();
    for (const method of ['PATCH', 'DELETE'] as const)
      for (const id of [stranger, '019a2b3c-0000-7000-8000-000000000009', "x' or true--"])
        expect(
          outcome(
            await company.call(`/members/${encodeURIComponent(id)}`, {
              method,
              body: method === 'PATCH' ? { role: 'viewer' } : undefined,
            }),
          ),
        ).toBe('404 member_not_found');
    expect((await auth.me(foreign.owner)).body).toMatchObject({ role: 'owner' });
  });
});

describe('the rules about owners', () => {
  it('let an admin neither make, change nor remove one', async () => {
    const admin = (await company.member('chefe', 'admin')).tokens.accessToken;
    const owner = await company.ownerId();
    const { id } = await company.member('caixa', 'operator');
    const answers = [
      await company.invite('novo-dono@estrela.example', 'owner', admin),
      await company.call(`/members/${id}`, { method: 'PATCH', body: { role: 'owner' }, as: admin }),
      await company.call(`/members/${owner}`, { method: 'PATCH', body: { role: 'viewer' }, as: admin }),
      await company.call(`/members/${owner}`, { method: 'DELETE', as: admin }),
    ];
    expect(answers.map(outcome)).toEqual(Array(4).fill('403 owner_required'));
  });

  it('are invited by owners alone: an admin cannot put a lesser invitation in the place of theirs', async () => {
    const company = await Company.found(auth, mailbox, 'convite-da-dona');
    const admin = await company.member('gerente', 'admin');
    const email = 'socia@convite-da-dona.example';
    await company.invite(email, 'owner');
    const link = await company.linkTo(email);
    expect(await company.invite(email, 'viewer', admin.tokens.accessToken)).toMatchObject({
      status: 403,
      body: { code: 'owner_required' },
    });
    expect(await company.accept(link)).toMatchObject({ status: 201, body: { role: 'owner' } });
  });

  it('let an operator or a viewer change nobody', async () => {
    const viewer = (await company.member('olheira', 'viewer')).tokens.accessToken;
    expect(outcome(await company.invite('x@estrela.example', 'viewer', viewer))).toBe(
      '403 insufficient_scope',
    );
    expect((await company.call('/members', { as: viewer })).status).toBe(200);
  });

  it('keep the last one, however it is tried', async () => {
    const owner = await company.ownerId();
    for (const role of ['admin', 'viewer'])
      expect(outcome(await company.call(`/members/${owner}`, { method: 'PATCH', body: { role } }))).toBe(
        '409 last_owner',
      );
    expect(outcome(await company.call(`/members/${owner}`, { method: 'DELETE' }))).toBe('409 last_owner');
  });

  it('keep one of two who remove each other at once', async () => {
    for (let round = 0; round < 8; round += 1) {
      const duel = await Company.found(auth, mailbox, `duelo${round}`);
      const second = await duel.member('socia', 'owner');
      const first = await duel.ownerId();
      const byRole = { method: 'PATCH' as const, body: { role: 'viewer' } };
      const answers = await Promise.all([
        duel.call(`/members/${second.id}`, round % 2 ? byRole : { method: 'DELETE' }),
        duel.call(`/members/${first}`, {
          ...(round % 2 ? byRole : { method: 'DELETE' as const }),
          as: second.tokens.accessToken,
        }),
      ]);
      expect(answers.map(({ status }) => status).sort()).not.toEqual([204, 204]);
      const { rows } = await admin.query(
        `select 1 from auth.membership m join auth.tenant t on t.id = m.tenant_id
         where t.subdomain = $1 and m.role = 'owner'`,
        [`duelo${round}`],
      );
      expect(rows).toHaveLength(1);
    }
  });
});

describe('who is removed while signing in', () => {
  it('waits for the outcome, and gets no session', async () => {
    const { id, email } = await company.member('demitida', 'admin');
    // As RemoveMember does it, stopped before its commit.
    await admin.query('begin');
    await admin.query('delete from auth.membership where user_id = $1', [id]);
    let answered = false;
    const login = auth.login('estrela', { email }).finally(() => (answered = true));
    login.catch(() => undefined);
    const waiting = new Client({ connectionString: auth.database.adminUrl });
    await waiting.connect();
    try {
      await eventually(async () => {
        const { rowCount } = await waiting.query(
          `select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%auth.membership%for share%'`,
        );
        expect(rowCount).toBe(1);
      });
      expect(answered).toBe(false);
    } finally {
      await waiting.end();
      await admin.query('commit');
    }
    await expect(login).rejects.toThrow('not_a_member');
    const { rows } = await admin.query('select 1 from auth.session where user_id = $1 and ended_at is null', [
      id,
    ]);
    expect(rows).toHaveLength(1); // the one from before, which the removal ends
  });
});

describe('a sign-in of long ago', () => {
  it('changes no member and invites nobody until it is proven again', async () => {
    await admin.query(`update auth.session set authenticated_at = now() - interval '10 minutes'`);
    const { refreshToken } = await auth.login('estrela', { tenant: 'estrela' });
    await admin.query(`update auth.session set authenticated_at = now() - interval '10 minutes'`);
    const { accessToken } = (await auth.refresh(refreshToken)).body.tokens;
    const id = await company.ownerId();
    const answers = [
      await company.invite('quem@estrela.example', 'viewer', accessToken),
      await company.call(`/members/${id}`, { method: 'PATCH', body: { role: 'viewer' }, as: accessToken }),
      await company.call(`/members/${id}`, { method: 'DELETE', as: accessToken }),
      await company.call('', { method: 'PATCH', body: { name: 'Outra' }, as: accessToken }),
      await company.call('/domains', { body: { domain: 'a.example' }, as: accessToken }),
      await company.call('/domains/a.example', { method: 'DELETE', as: accessToken }),
    ];
    expect(answers.map(outcome)).toEqual(Array(6).fill('403 step_up_required'));
  });
});
