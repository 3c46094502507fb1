import fc from 'fast-check';
import { Episode, NEW_EPISODE, turn } from './alert-episode';
import { Judgement } from './alert-judgement';

const breach: Judgement = { end: 0, value: 9, expected: 5, score: null, breach: 'above', calm: false };
const near: Judgement = { end: 0, value: 5, expected: 5, score: null, calm: false };
const calm: Judgement = { end: 0, value: 1, expected: 5, score: null, calm: true };
const unknown: Judgement = { end: 0, value: 1, expected: null, score: null, calm: false };

describe('an episode', () => {
  it('ends with two calm windows in a row, not with two that are merely no breach', () => {
    let episode: Episode = NEW_EPISODE;
    const told = [unknown, calm, breach, near, near, calm, near, calm, unknown, calm, calm, calm].map(
      (judgement) => {
        const next = turn(episode, judgement);
        episode = next.episode;
        return next.happened ?? episode.state;
      },
    );
    // prettier-ignore
    expect(told).toEqual([
      'learning', 'ok', 'fired', 'firing', 'firing', 'firing', 'firing', 'firing', 'firing', 'firing', 'resolved', 'ok',
    ]);
  });

  it('fires and resolves in turn, whatever windows come', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(breach, near, calm, unknown)), (windows) => {
        let episode = NEW_EPISODE;
        const told: string[] = [];
        for (const window of windows) {
          const next = turn(episode, window);
          episode = next.episode;
          if (next.happened) told.push(next.happened);
        }
        told.forEach((one, place) => expect(one).toBe(place % 2 === 0 ? 'fired' : 'resolved'));
        expect(episode.state === 'firing').toBe(told.length % 2 === 1);
      }),
    );
  });
});
