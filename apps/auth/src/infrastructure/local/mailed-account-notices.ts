import { Injectable } from '@nestjs/common';
import { AccountNotices } from '../../application/sign-in/account-notices';
import { User } from '../../domain/user';
import { accountMails } from './account-mails';
import { BackgroundMail } from './background-mail';

@Injectable()
export class MailedAccountNotices extends AccountNotices {
  constructor(private readonly mail: BackgroundMail) {
    super();
  }

  googleChanged({ email }: Pick<User, 'email'>, linked: boolean): void {
    this.mail.post(accountMails.googleChanged(email, linked));
  }
}
