import { Webhook as Verifier } from 'standardwebhooks';
import { afterTry, SCHEDULE_S } from './after-try';
import { retryAfterSeconds } from './retry-after';
import { sendErrorOf } from './send-failure';
import { signatureOf } from './signature';
import type { SendOutcome } from './webhook-sender';

const outcome = (of: Partial<SendOutcome>): SendOutcome => ({ at: new Date(), durationMs: 1, ...of });
const refused = outcome({ httpStatus: 500, error: 'status_refused' });

describe('after a try', () => {
  it('what was taken is delivered', () => {
    expect(afterTry(outcome({ httpStatus: 204 }), 5, 0.5)).toEqual({ status: 'delivered' });
  });

  it('what was refused waits longer each time, a tenth more or less, and fails in the end', () => {
    SCHEDULE_S.forEach((seconds, step) => {
      const delays = [0, 0.5, 1].map((random) => afterTry(refused, step, random));
      expect(delays).toEqual([
        { status: 'waiting', delaySeconds: expect.closeTo(seconds * 0.9) as number },
        { status: 'waiting', delaySeconds: expect.closeTo(seconds) as number },
        { status: 'waiting', delaySeconds: expect.closeTo(seconds * 1.1) as number },
      ]);
    });
    expect(afterTry(refused, SCHEDULE_S.length, 0.5)).toEqual({
      status: 'failed',
      reason: 'retries_exhausted',
    });
    const days = SCHEDULE_S.reduce((sum, seconds) => sum + seconds, 0) / 86_400;
    expect(days).toBeGreaterThan(3);
  });

  it('a receiver may ask for more time, not for less', () => {
    const busy = (retryAfterSeconds: number) => afterTry({ ...refused, retryAfterSeconds }, 1, 0.5);
    expect(busy(3_600)).toEqual({ status: 'waiting', delaySeconds: 3_600 });
    expect(busy(0)).toEqual({ status: 'waiting', delaySeconds: 60 });
  });

  it('a receiver that is gone is not tried again', () => {
    expect(afterTry(outcome({ httpStatus: 410, error: 'status_refused' }), 0, 0.5)).toEqual({
      status: 'failed',
      reason: 'gone',
    });
  });
});

describe('Retry-After', () => {
  const now = new Date('2026-11-22T12:00:00.000Z');

  it.each([
    ['120', 120],
    [' 7 ', 7],
    ['0', 0],
    ['999999', 3_600],
    ['Sun, 22 Nov 2026 12:00:30 GMT', 30],
    ['Sun, 22 Nov 2026 11:00:00 GMT', 0],
    ['Tue, 22 Nov 2050 12:00:00 GMT', 3_600],
    ['soon', undefined],
    ['-', undefined],
    [undefined, undefined],
  ])('%j is %s seconds', (header, seconds) => {
    expect(retryAfterSeconds(header, now)).toBe(seconds);
  });
});

describe('a signature', () => {
  it('is the one that the library of Standard Webhooks makes, one for each secret', () => {
    const secrets = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD'];
    const at = new Date('2026-11-22T12:00:00.000Z');
    const body = '{"note":"olá, João"}';
    const expected = secrets.map((secret) => new Verifier(secret).sign('msg_1', at, body)).join(' ');
    expect(signatureOf('msg_1', at.getTime() / 1000, body, secrets)).toBe(expected);
  });
});

describe('an error of a connection', () => {
  it.each([
    ['ECONNREFUSED', 'connection_refused'],
    ['ECONNRESET', 'connection_reset'],
    ['EHOSTUNREACH', 'connection_failed'],
    ['HPE_INVALID_CONSTANT', 'malformed_answer'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls_failed'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls_failed'],
    ['CERT_HAS_EXPIRED', 'tls_failed'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls_failed'],
    ['EPROTO', 'tls_failed'],
  ])('%s is told as %s', (code, told) => {
    expect(sendErrorOf(Object.assign(new Error('at 10.0.0.1:443'), { code }))).toBe(told);
  });
});
