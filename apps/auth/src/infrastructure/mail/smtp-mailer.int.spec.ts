import { createServer, Server } from 'node:net';
import { AddressInfo } from 'node:net';
import { Mailbox } from '@libs/testing';
import { MailUnavailable } from '../../domain/auth.errors';
import { PrintingMailer } from './printing-mailer';
import { SmtpMailer } from './smtp-mailer';

const from = 'MoneyFlow <no-reply@moneyflow.example>';
const mail = {
  to: 'dona@estrela.example',
  subject: 'Convite — ação',
  text: 'Olá, João!\n\nhttps://a.example/x\n',
};

describe('mail by SMTP', () => {
  let mailbox: Mailbox;
  beforeAll(async () => (mailbox = await Mailbox.open()));
  afterAll(() => mailbox.close());

  it('arrives as it was written', async () => {
    await new SmtpMailer({ url: mailbox.url, from }).send(mail);
    const received = await mailbox.latest(mail.to);
    expect(received).toMatchObject({ to: [mail.to], subject: mail.subject });
    expect(received.text.trim()).toBe(mail.text.trim());
  });

  it('goes to one recipient and has one subject, whatever they contain', async () => {
    const before = mailbox.mails.length;
    const hostile = {
      to: 'a@b.example, c@d.example',
      subject: 'Convite\r\nBcc: e@f.example',
      text: 'x\r\n.\r\nRCPT TO:<g@h.example>',
    };
    await new SmtpMailer({ url: mailbox.url, from }).send(hostile).catch((error: unknown) => {
      expect(error).toBeInstanceOf(MailUnavailable);
    });
    const recipients = mailbox.mails.slice(before).flatMap(({ to }) => to);
    for (const stranger of ['c@d.example', 'e@f.example', 'g@h.example'])
      expect(recipients).not.toContain(stranger);
  });

  it('is not sent in the clear to another machine unless that was chosen', async () => {
    const away = mailbox.url.replace('127.0.0.1', '0.0.0.0'); // reaches the same server by a name that is not loopback
    const before = mailbox.mails.length;
    await expect(new SmtpMailer({ url: away, from }).send(mail)).rejects.toThrow(MailUnavailable);
    expect(mailbox.mails).toHaveLength(before);
    await new SmtpMailer({ url: `${away}?ignoreTLS=true`, from }).send(mail);
    expect(mailbox.mails).toHaveLength(before + 1);
  });

  it('fails in time where nobody listens and where nobody speaks', async () => {
    const silent: Server = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const started = performance.now();
    await expect(new SmtpMailer({ url: `smtp://127.0.0.1:${port}`, from }).send(mail)).rejects.toThrow(
      MailUnavailable,
    );
    expect(performance.now() - started).toBeLessThan(9_000);
    await new Promise((resolve) => silent.close(resolve));
    await expect(new SmtpMailer({ url: `smtp://127.0.0.1:${port}`, from }).send(mail)).rejects.toThrow(
      MailUnavailable,
    );
  }, 20_000);
});

describe('printed mail', () => {
  it('shows all that the person needs', async () => {
    const lines: string[] = [];
    await new PrintingMailer((text) => lines.push(text)).send(mail);
    expect(lines.join('')).toContain('mail │ to: dona@estrela.example\n');
    expect(lines.join('')).toContain('mail │ https://a.example/x\n');
  });
});
