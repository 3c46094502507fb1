import { Mail, Mailer } from '../../application/members/mailer';

/**
 * Prints mails, for a machine without a mail server: whoever reads its output is its owner. Not through the logger,
 * which takes links and codes for the secrets that they are.
 */
export class PrintingMailer extends Mailer {
  constructor(private readonly print: (text: string) => void = (text) => void process.stdout.write(text)) {
    super();
  }

  async send({ to, subject, text }: Mail): Promise<void> {
    const lines = [`to: ${to}`, `subject: ${subject}`, '', ...text.trimEnd().split('\n')];
    this.print(`\n${lines.map((line) => `  mail │ ${line}`).join('\n')}\n\n`);
  }
}
