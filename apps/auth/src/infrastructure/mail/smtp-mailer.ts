import { createTransport, Transporter } from 'nodemailer';
import { Mail, Mailer } from '../../application/members/mailer';
import { MailUnavailable } from '../../domain/auth.errors';
import { MailSettings } from './mail.settings';

const CONNECT_MS = 5_000;
const SILENCE_MS = 10_000;
const THIS_MACHINE = /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/;

/** Hands mails to an SMTP server, one connection each: a broken one fails one mail and no other. */
export class SmtpMailer extends Mailer {
  private readonly transport: Transporter;

  constructor(private readonly settings: MailSettings) {
    super();
    const { hostname, searchParams } = new URL(settings.url);
    const plain = THIS_MACHINE.test(hostname) || searchParams.get('ignoreTLS') === 'true';
    this.transport = createTransport({
      url: settings.url,
      // Mails carry links and codes that open accounts: never readable on the way unless somebody chose so.
      ...(plain ? {} : { requireTLS: true }),
      connectionTimeout: CONNECT_MS,
      greetingTimeout: CONNECT_MS,
      socketTimeout: SILENCE_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }

  async send({ to, subject, text }: Mail): Promise<void> {
    try {
      await this.transport.sendMail({
        from: this.settings.from,
        // An object is taken as it is; text would be parsed as a list of addresses.
        to: { name: '', address: to },
        subject,
        text,
        headers: { 'auto-submitted': 'auto-generated' },
      });
    } catch (error) {
      throw new MailUnavailable(error);
    }
  }
}
