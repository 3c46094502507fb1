import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '@libs/kernel';
import { ConfirmationFailed } from '../../domain/auth.errors';
import { SealedOneTimeStore } from '../challenges/sealed-one-time-store';

// Crockford's Base32 without the look-alikes; 12 characters are 60 bits.
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 12;
const KIND = 'mail-code';
const CODE = new RegExp(`^[${ALPHABET}]{${LENGTH}}$`);

export type MailCodePurpose = 'confirm' | 'reset';

interface Kept<T> {
  content: T;
  endsAt: number;
}

/**
 * Codes sent by mail. What one stands for is kept under purpose, address and code together: a wrong guess
 * finds nothing and so spoils nothing of the owner's, and an unknown account is the same miss as a wrong code.
 */
@Injectable()
export class MailCodes {
  constructor(
    private readonly store: SealedOneTimeStore,
    private readonly clock: Clock,
  ) {}

  async mint<T>(purpose: MailCodePurpose, email: string, content: T, seconds: number): Promise<string> {
    const code = Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
    const endsAt = this.clock.now().getTime() + seconds * 1000;
    await this.put(nameOf(purpose, email, code), { content, endsAt });
    return code.replace(/(.{4})(?!$)/g, '$1-');
  }

  /**
   * Spends the code: of many at once one does the work. When the work fails for another reason than the code, the code
   * is good again.
   * @throws ConfirmationFailed
   */
  async spend<T, R>(
    purpose: MailCodePurpose,
    email: string,
    typed: string,
    work: (content: T) => Promise<R>,
  ): Promise<R> {
    const code = typed.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
    const name = nameOf(purpose, email, code);
    const kept = CODE.test(code) ? await this.store.take<Kept<T>>(KIND, name) : undefined;
    if (!kept || kept.endsAt <= this.clock.now().getTime()) throw new ConfirmationFailed();
    try {
      return await work(kept.content);
    } catch (error) {
      if (!(error instanceof ConfirmationFailed)) await this.put(name, kept);
      throw error;
    }
  }

  private async put(name: string, kept: Kept<unknown>): Promise<void> {
    const seconds = (kept.endsAt - this.clock.now().getTime()) / 1000;
    if (seconds > 0) await this.store.put(KIND, name, kept, seconds);
  }
}

function nameOf(purpose: MailCodePurpose, email: string, code: string): string {
  return `${purpose}\n${email}\n${code}`;
}
