import { ForbiddenException, HttpException, NotFoundException } from '@nestjs/common';
import { DomainError, ErrorKind, requestContext } from '@libs/kernel';
import { problemBody, problemOf } from './problem';

class Refused extends DomainError {
  readonly code = 'refused_for_reasons';
  constructor(readonly kind: ErrorKind) {
    super('Because.');
  }
}

describe('problemOf', () => {
  it.each<[ErrorKind, number]>([
    ['malformed', 400],
    ['unauthenticated', 401],
    ['forbidden', 403],
    ['not_found', 404],
    ['conflict', 409],
    ['invalid', 422],
    ['too_many', 429],
    ['unavailable', 503],
  ])('turns the kind %s into %d', (kind, status) => {
    expect(problemOf(new Refused(kind))).toMatchObject({
      status,
      code: 'refused_for_reasons',
      detail: 'Because.',
    });
  });

  it('asks to retry what is unavailable', () => {
    expect(problemOf(new Refused('unavailable')).retryAfter).toBe(1);
    expect(problemOf(new Refused('invalid')).retryAfter).toBeUndefined();
  });

  it('translates what frameworks throw without repeating their words', () => {
    expect(problemOf(new ForbiddenException('secret'))).toMatchObject({ status: 403, code: 'forbidden' });
    expect(problemOf(new NotFoundException('Cannot GET /x'))).toMatchObject({
      status: 404,
      code: 'not_found',
    });
    const cause = Object.assign(new Error('too large'), {
      code: 'FST_ERR_CTP_BODY_TOO_LARGE',
      statusCode: 413,
    });
    expect(problemOf(new HttpException('x', 413, { cause }))).toMatchObject({
      status: 413,
      code: 'body_too_large',
    });
    expect(problemOf(Object.assign(new Error('x'), { statusCode: 418 }))).toMatchObject({
      status: 418,
      code: 'refused',
    });
    expect(JSON.stringify(problemOf(new ForbiddenException('secret')))).not.toContain('secret');
  });

  it.each(['57P01', '08006', '53300', '40001', '40P01', 'ECONNREFUSED', 'ECONNRESET'])(
    'calls %s a dependency that is away, also as a cause',
    (code) => {
      const away = Object.assign(new Error('x'), { code });
      const outer = new Error('query failed', { cause: away });
      for (const error of [away, outer])
        expect(problemOf(error)).toMatchObject({
          status: 503,
          code: 'dependency_unavailable',
          retryAfter: 1,
        });
    },
  );

  it('does not call a client that broke off in its body a dependency that is away', () => {
    const aborted = Object.assign(new Error('aborted'), { code: 'ECONNRESET', statusCode: 400 });
    expect(problemOf(aborted)).toMatchObject({ status: 400, code: 'malformed_request' });
  });

  it.each([
    new Error('secret'),
    Object.assign(new Error('secret'), { code: '23505' }),
    'secret',
    null,
    undefined,
    7,
    {},
  ])('tells nothing of %p', (error) => {
    expect(problemOf(error)).toMatchObject({ status: 500, code: 'internal_error' });
    expect(JSON.stringify(problemOf(error))).not.toContain('secret');
  });

  it('writes the request id of the current request, and never its own fields', () => {
    const body = requestContext.run({ requestId: 'r-1' }, () =>
      problemBody(problemOf(new Refused('unavailable'))),
    );
    expect(JSON.parse(body)).toEqual({
      type: 'about:blank',
      title: 'Service Unavailable',
      status: 503,
      code: 'refused_for_reasons',
      detail: 'Because.',
      requestId: 'r-1',
    });
  });
});
