export interface Mail {
  to: string;
  subject: string;
  /** Plain text, in Portuguese: it is for end users. */
  text: string;
}

/** Sends mail: SMTP, or into the log where there is none (embedded mode). */
export abstract class Mailer {
  /** Resolves once the mail is handed over. @throws MailUnavailable */
  abstract send(mail: Mail): Promise<void>;
}
