import { portions, rows } from './row-gathering';

const message = (size: number) => ({ key: 'k', value: 'x'.repeat(size) });
const many = (count: number, size = 10) => Array.from({ length: count }, () => message(size));

describe('rows of the event log', () => {
  it('hold at most 500 messages of one publication', () => {
    expect(portions('a', many(1_200)).map(({ messages }) => messages.length)).toEqual([500, 500, 200]);
  });

  it('hold at most 256 KiB, except one message that is larger by itself', () => {
    const sizes = [100_000, 100_000, 100_000, 900_000, 5];
    const cut = portions('a', sizes.map(message));
    expect(cut.map(({ messages }) => messages.map(({ value }) => value.length))).toEqual([
      [100_000, 100_000],
      [100_000],
      [900_000],
      [5],
    ]);
  });

  it('gather publications of one topic and part those of others', () => {
    const gathered = rows([
      ...portions('a', many(2)),
      ...portions('b', many(1)),
      ...portions('a', many(3)),
      ...portions('a', many(498)),
    ]);
    expect(gathered.map(({ topic, messages }) => [topic, messages.length])).toEqual([
      ['a', 5],
      ['b', 1],
      ['a', 498],
    ]);
  });

  it('are none of no messages', () => {
    expect(rows(portions('a', []))).toEqual([]);
  });
});
