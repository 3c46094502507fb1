import { Mailbox } from '@libs/testing';
import { AuthUnderTest, PASSWORD } from './auth-under-test';
import { Company } from './company';

let auth: AuthUnderTest;
let mailbox: Mailbox;

beforeAll(async () => {
  mailbox = await Mailbox.open();
  auth = await AuthUnderTest.start({ SMTP_URL: mailbox.url, RATE_LIMIT_LOGIN_PER_15_MIN: '5' });
});
afterAll(async () => {
  await auth?.stop();
  await mailbox?.close();
});

describe('limits on invitations', () => {
  it('let five a day go to one stranger, whichever tenants ask', async () => {
    const companies = [
      await Company.found(auth, mailbox, 'primeira'),
      await Company.found(auth, mailbox, 'segunda'),
    ];
    const statuses: number[] = [];
    for (let times = 0; times < 4; times += 1)
      for (const company of companies)
        statuses.push((await company.invite('Estranha@outra.example', 'viewer')).status);
    expect(statuses).toEqual([201, 201, 201, 201, 201, 429, 429, 429]);
    expect(mailbox.mails.filter(({ to }) => to.includes('estranha@outra.example'))).toHaveLength(5);
  });

  it('let a link be no way round the limit on guessing passwords, from however many addresses', async () => {
    const company = await Company.found(auth, mailbox, 'terceira');
    await auth.register('alvo');
    await company.invite('dona@alvo.example', 'viewer');
    const token = await company.linkTo('dona@alvo.example');
    const guess = (password: string, at: number) =>
      auth.call<{ code: string }>(`/api/v1/invitations/${token}/accept`, {
        body: { password },
        from: `203.0.113.${at}`,
      });
    const codes: string[] = [];
    for (let at = 1; at <= 7; at += 1) codes.push((await guess(`wrong password ${at}`, at)).body.code);
    expect(codes).toEqual([...Array<string>(5).fill('invalid_credentials'), 'rate_limited', 'rate_limited']);
    expect((await guess(PASSWORD, 9)).status).toBe(429);
  });
});
