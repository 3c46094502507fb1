import { newId, TenantId, UserId } from '@libs/kernel';
import { isOutdated, openSession } from './session';

const now = new Date('2026-11-22T12:00:00.000Z');
const at = (ms: number) => new Date(now.getTime() + ms);
const session = (credentialsAsOf?: Date) =>
  openSession(newId<TenantId>(), newId<UserId>(), ['pwd'], {}, now, credentialsAsOf);

describe('a session whose person changed password or second factor', () => {
  it.each([
    ['from before any change', undefined, undefined, false],
    ['from before the first change', undefined, at(0), true],
    ['from before the latest change, by the least', at(0), at(1), true],
    ['of the latest change', at(1), at(1), false],
    ['opened long after the change that it knows', at(-90_000), at(-90_000), false],
    // a clock that goes backwards ends nobody's session
    ['opened by a clock behind the one that changed', at(90_000), at(90_000), false],
  ])('%s', (_name, asOf, changedAt, outdated) => {
    expect(isOutdated(session(asOf), changedAt)).toBe(outdated);
  });
});
