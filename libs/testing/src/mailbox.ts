import { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { eventually } from './eventually';

/** A mail as it came over the wire. */
export interface ReceivedMail {
  to: string[];
  subject: string;
  text: string;
}

/** An SMTP server that keeps what it receives: what a person would find in their mailbox. */
export class Mailbox {
  readonly mails: ReceivedMail[] = [];
  /** Answers every mail with a failure while true. */
  refusing = false;
  private constructor(private readonly server: SMTPServer) {}

  static async open(): Promise<Mailbox> {
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          if (mailbox.refusing) return done(new Error('not now'));
          const to = session.envelope.rcptTo.map(({ address }) => address);
          mailbox.mails.push({ to, ...partsOf(Buffer.concat(chunks).toString('latin1')) });
          done();
        });
      },
    });
    const mailbox = new Mailbox(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return mailbox;
  }

  /** For SMTP_URL. */
  get url(): string {
    return `smtp://127.0.0.1:${(this.server.server.address() as AddressInfo).port}`;
  }

  /** The latest mail to an address, once it is there. */
  latest(to: string): Promise<ReceivedMail> {
    return eventually(() => {
      const found = this.mails.findLast((mail) => mail.to.includes(to));
      if (!found) throw new Error(`no mail to ${to}`);
      return found;
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

/** Of a message with one text part, as ours are. */
function partsOf(message: string): { subject: string; text: string } {
  const [, head = '', body = ''] = /^([^]*?)\r\n\r\n([^]*)$/.exec(message) ?? [];
  const headers = head.replace(/\r\n[ \t]+/g, ' ');
  const encoding = /^content-transfer-encoding: *(\S+)/im.exec(headers)?.[1]?.toLowerCase();
  const bytes =
    encoding === 'base64'
      ? Buffer.from(body, 'base64')
      : encoding === 'quoted-printable'
        ? quotedPrintable(body)
        : Buffer.from(body, 'latin1');
  const subject = /^subject: *(.*)$/im.exec(headers)?.[1] ?? '';
  return { subject: encodedWords(subject), text: bytes.toString('utf8').replaceAll('\r\n', '\n') };
}

function quotedPrintable(text: string): Buffer {
  const plain = text
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(plain, 'latin1');
}

/** RFC 2047. */
function encodedWords(text: string): string {
  return text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([bq])\?(.*?)\?=/gi, (_, kind: string, word: string) =>
      (kind.toLowerCase() === 'b'
        ? Buffer.from(word, 'base64')
        : quotedPrintable(word.replaceAll('_', ' '))
      ).toString(),
    );
}
