import { topList } from './top-list';

describe('a list of values', () => {
  it('adds up to all events, and says that it is exact where no name was lost', () => {
    const list = topList(
      10,
      [
        { value: 'a', events: 6 },
        { value: '', events: 1 },
      ],
      0,
    );
    expect(list).toEqual({
      values: [
        { value: 'a', events: 6, share: 0.6 },
        { value: '', events: 1, share: 0.1 },
      ],
      exact: true,
      remainder: { events: 3, share: 0.3, folded: 0 },
    });
  });

  it('says by how much its counts may be too low where names were lost', () => {
    const list = topList(10, [{ value: 'a', events: 6 }], 3);
    expect(list).toMatchObject({ exact: false, remainder: { events: 4, folded: 3 } });
  });
});
