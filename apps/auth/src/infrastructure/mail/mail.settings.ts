import { string, url } from '@libs/config';

/** Says that mails are printed instead of sent. */
const PRINTED = 'log:';

export interface MailSettings {
  readonly url: string;
  readonly from: string;
}

/** Where mails go. An app alone must say it: a password nobody can reset because mails were printed helps nobody. */
export function mailSettings() {
  return {
    url: url('SMTP_URL', {
      protocols: ['smtp', 'smtps', 'log'],
      secret: true,
      example: 'smtp://user:password@smtp.company.example:587',
      about:
        'The server that sends mails: smtp:// (TLS by STARTTLS, required except on this machine; ?ignoreTLS=true to do without) or smtps://. `log:` prints them to the standard output instead, links and codes included, which is what npm start does without it.',
    }),
    from: string('MAIL_FROM', {
      default: 'MoneyFlow <no-reply@localhost>',
      pattern: /^[^\r\n]+$/,
      about: 'The sender that mails name.',
    }),
  };
}

export function isPrinted({ url: target }: MailSettings): boolean {
  return target === PRINTED;
}
