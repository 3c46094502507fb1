import { SystemClock } from '@libs/kernel';
import { FakeResolver, LOOPBACK } from '../../test/fake-resolver';
import { Answering } from '../../test/receiver';
import { selfSigned } from '../../test/self-signed';
import { NEVER, sent, SpeakingServers } from '../../test/speaking-servers';
import { WebhookGuard } from '../guard/webhook-guard';
import { WebhookSender } from './webhook-sender';

const NAME = 'loja.example';

describe('a sender', () => {
  const servers = SpeakingServers.forEachTest();

  it('sends one signed message over a connection of its own', async () => {
    const receiver = await servers.receiver();
    expect(await sent(receiver.url)).toMatchObject({ httpStatus: 204 });
    const [{ headers, body } = { headers: {}, body: '' }] = receiver.received;
    expect(body).toBe('{"a":1}');
    expect(headers).toMatchObject({
      host: `127.0.0.1:${receiver.port}`,
      connection: 'close',
      'content-length': '7',
      'accept-encoding': 'identity',
      'webhook-id': 'msg_1',
    });
    expect(headers).not.toHaveProperty('cookie');
    expect(headers).not.toHaveProperty('authorization');
  });

  it('goes to the address that was checked, under the name that was asked for, whatever the name means elsewhere', async () => {
    const tls = selfSigned(NAME);
    const receiver = await servers.receiver(undefined, tls);
    const url = `https://${NAME}:${receiver.port}/hook`;
    expect(await sent(url, { [NAME]: ['127.0.0.1'] }, { ca: tls.cert })).toMatchObject({ httpStatus: 204 });
    expect(receiver.received[0]?.headers.host).toBe(`${NAME}:${receiver.port}`);
  });

  it('looks a name up each time: one that leads inside by now is not followed', async () => {
    const receiver = await servers.receiver();
    let turn = 0;
    const names = { [NAME]: () => [turn++ === 0 ? '127.0.0.1' : '10.0.0.1'] };
    const guard = new WebhookGuard(new FakeResolver(names), LOOPBACK);
    const sender = new WebhookSender(guard, new SystemClock());
    const message = { id: 'm', url: `http://${NAME}:${receiver.port}/`, body: '{}', secrets: ['whsec_AAAA'] };
    expect(await sender.send(message, NEVER)).toMatchObject({ httpStatus: 204 });
    expect(await sender.send(message, NEVER)).toMatchObject({ error: 'webhook_host_not_public' });
    expect(receiver.received).toHaveLength(1);
  });

  describe('over TLS', () => {
    it.each([
      ['a certificate that nobody vouches for', selfSigned(NAME), false],
      ['one for another name', selfSigned('outra.example'), true],
      ['one that is over', selfSigned(NAME, new Date(Date.now() - 86_400_000)), true],
    ])('refuses %s, whatever the environment says', async (_, tls, trusted) => {
      const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
      try {
        const receiver = await servers.receiver(undefined, tls);
        const url = `https://${NAME}:${receiver.port}/`;
        const limits = trusted ? { ca: tls.cert } : {};
        expect(await sent(url, { [NAME]: ['127.0.0.1'] }, limits)).toMatchObject({ error: 'tls_failed' });
        expect(receiver.received).toEqual([]);
      } finally {
        if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
        else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before;
      }
    });

    it('does not fall back to plain HTTP', async () => {
      const receiver = await servers.receiver();
      const url = `https://127.0.0.1:${receiver.port}/`;
      expect(await sent(url)).toMatchObject({ error: 'tls_failed' });
      expect(receiver.received).toEqual([]);
    });

    it('gives up on a handshake that does not go on', async () => {
      const port = await servers.raw(() => undefined);
      const outcome = await sent(`https://127.0.0.1:${port}/`, {}, { connectMs: 300 });
      expect(outcome).toMatchObject({ error: 'connect_timeout' });
      expect(outcome.durationMs).toBeLessThan(3_000);
    });
  });

  describe('that is redirected', () => {
    const to = (location: string, status = 307): Answering => {
      return (response) => void response.writeHead(status, { location }).end();
    };

    it('follows by 307 and 308 with the same message', async () => {
      const last = await servers.receiver();
      const between = await servers.receiver(to(last.url, 308));
      const first = await servers.receiver(to(between.url));
      expect(await sent(first.url)).toMatchObject({ httpStatus: 204 });
      expect(last.received[0]).toMatchObject({ method: 'POST', body: '{"a":1}' });
      expect(last.received[0]?.headers['webhook-signature']).toBe(
        first.received[0]?.headers['webhook-signature'],
      );
    });

    it.each([
      'http://169.254.169.254/latest/meta-data/',
      'https://10.0.0.1/',
      'https://[::ffff:10.0.0.1]/',
      'https://localhost:5432/',
      'https://metadata.google.internal/',
    ])('does not go to %s', async (location) => {
      const receiver = await servers.receiver(to(location));
      expect((await sent(receiver.url)).error).toMatch(/^webhook_(host_not_public|port_not_allowed)$/);
    });

    it.each([301, 302, 303, 300, 304])('does not follow a %i', async (status) => {
      const last = await servers.receiver();
      const receiver = await servers.receiver(to(last.url, status));
      expect(await sent(receiver.url)).toMatchObject({ httpStatus: status, error: 'redirect_refused' });
      expect(last.received).toEqual([]);
    });

    it('never goes from TLS to plain HTTP', async () => {
      const last = await servers.receiver();
      const tls = selfSigned(NAME);
      const receiver = await servers.receiver(to(last.url), tls);
      const url = `https://${NAME}:${receiver.port}/`;
      const outcome = await sent(url, { [NAME]: ['127.0.0.1'] }, { ca: tls.cert });
      expect(outcome).toMatchObject({ error: 'redirect_refused' });
      expect(last.received).toEqual([]);
    });

    it('goes round in circles three times', async () => {
      const receiver = await servers.receiver();
      receiver.answer(to(receiver.url));
      expect(await sent(receiver.url)).toMatchObject({ error: 'too_many_redirects' });
      expect(receiver.received).toHaveLength(4);
    });

    it.each(['', 'http://', 'ftp://a.example/'])('does not understand %j', async (location) => {
      const receiver = await servers.receiver((response) => {
        void response.writeHead(307, location === '' ? {} : { location }).end();
      });
      expect((await sent(receiver.url)).error).toMatch(/^(redirect_refused|webhook_url_not_https)$/);
    });
  });

  it('stops when it is told to', async () => {
    const receiver = await servers.receiver(() => undefined);
    const stop = new AbortController();
    const sender = new WebhookSender(new WebhookGuard(new FakeResolver(), LOOPBACK), new SystemClock());
    const sending = sender.send(
      { id: 'm', url: receiver.url, body: '{}', secrets: ['whsec_AAAA'] },
      stop.signal,
    );
    setTimeout(() => stop.abort(new Error('enough')), 50);
    await expect(sending).rejects.toThrow('enough');
  });
});
