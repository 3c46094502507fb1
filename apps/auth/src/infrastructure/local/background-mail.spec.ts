import { Mail, Mailer } from '../../application/members/mailer';
import { BackgroundMail } from './background-mail';

const mail: Mail = { to: 'dona@estrela.example', subject: 's', text: 't' };

class SlowMailer extends Mailer {
  readonly sent: Mail[] = [];
  private readonly waiting: (() => void)[] = [];
  send(each: Mail): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push(() => {
        this.sent.push(each);
        resolve();
      });
    });
  }
  deliver(): void {
    for (const one of this.waiting.splice(0)) one();
  }
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

describe('mail beside the request', () => {
  it('leaves after whoever posted it went on, and is waited for at shutdown', async () => {
    const mailer = new SlowMailer();
    const background = new BackgroundMail(mailer);
    background.post(mail);
    expect(mailer.sent).toEqual([]);
    await nextTurn();
    const closed = background.onApplicationShutdown();
    mailer.deliver();
    await closed;
    expect(mailer.sent).toEqual([mail]);
  });

  it('troubles nobody when it cannot be sent', async () => {
    const background = new BackgroundMail({ send: () => Promise.reject(new Error('away')) });
    background.post(mail);
    await expect(background.onApplicationShutdown()).resolves.toBeUndefined();
  });

  it('is dropped past 200 on their way: a flood must not take the memory', async () => {
    const mailer = new SlowMailer();
    const background = new BackgroundMail(mailer);
    for (let i = 0; i < 250; i++) background.post(mail);
    await nextTurn();
    mailer.deliver();
    await background.onApplicationShutdown();
    expect(mailer.sent).toHaveLength(200);
  });
});
