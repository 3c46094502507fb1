import { UniqueSketch } from './unique-sketch';

/**
 * How many different ones there are in every window of `width` places, by two unions a place however wide the windows are: of what
 * a window has of one block of `width` places, and of what it has of the next one. Gives the counts block by block, of the windows
 * that end with places `width - 1`, `width`, …
 */
export function* slidingUniques(
  sketchAt: (place: number) => UniqueSketch | undefined,
  places: number,
  width: number,
): Generator<number[]> {
  for (let block = 0; block + width <= places; block += width) {
    const tails = tailsOf(sketchAt, block, width);
    const head = UniqueSketch.empty();
    const counts: number[] = [];
    for (let moved = 0; moved < width && block + moved + width <= places; moved += 1) {
      if (moved > 0) take(head, sketchAt(block + width + moved - 1));
      const window = UniqueSketch.empty();
      take(window, tails[moved]);
      window.merge(head);
      counts.push(window.count);
    }
    yield counts;
  }
}

/** Of each place of a block, the union from there to its end. */
function tailsOf(
  sketchAt: (place: number) => UniqueSketch | undefined,
  block: number,
  width: number,
): UniqueSketch[] {
  const tails: UniqueSketch[] = [];
  for (let place = width - 1; place >= 0; place -= 1) {
    const tail = UniqueSketch.empty();
    take(tail, tails[place + 1]);
    take(tail, sketchAt(block + place));
    tails[place] = tail;
  }
  return tails;
}

function take(union: UniqueSketch, part: UniqueSketch | undefined): void {
  if (part) union.merge(part);
}
