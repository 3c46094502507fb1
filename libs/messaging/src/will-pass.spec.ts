import {
  KafkaJSConnectionError,
  KafkaJSNonRetriableError,
  KafkaJSNumberOfRetriesExceeded,
  KafkaJSProtocolError,
} from 'kafkajs';
import { willPass } from './will-pass';

const pgError = (code: string): Error => Object.assign(new Error('of pg'), { code });

describe('whether a failure passes by itself', () => {
  it.each(['ECONNREFUSED', '57P01', '25006', '42P01', '42501', '28P01'])(
    'waits at %s: every message would fail, and none is to blame',
    (code) => expect(willPass(pgError(code))).toBe(true),
  );

  it('waits while the log is away, PostgreSQL or Kafka', () => {
    const connection = new KafkaJSConnectionError('Connection timeout');
    const away = [
      new Error('Query read timeout'), // of pg
      connection,
      new KafkaJSNumberOfRetriesExceeded(connection, { retryCount: 5, retryTime: 1_000 }),
    ];
    expect(away.map((error) => willPass(error))).toEqual([true, true, true]);
  });

  it('does not wait for a broker to take what it refuses', () => {
    const refusal = new KafkaJSProtocolError('The message is too large');
    Object.assign(refusal, { type: 'MESSAGE_TOO_LARGE', retriable: false });
    expect(willPass(refusal)).toBe(false);
    expect(willPass(new KafkaJSNonRetriableError(refusal))).toBe(false);
  });

  it.each(['23514', '22P02'])('does not wait at %s: the message is to blame', (code) =>
    expect(willPass(pgError(code))).toBe(false),
  );

  it('does not wait at a defect of ours, which says nothing', () =>
    expect(willPass(new TypeError('x is not a function'))).toBe(false));
});
