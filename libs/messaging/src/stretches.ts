/** Cuts a list into stretches of at most so many items and so much size; an item larger than that stands alone. */
export function* stretches<Item>(
  items: readonly Item[],
  limit: { items: number; size: number },
  sizeOf: (item: Item) => number,
): Generator<readonly Item[]> {
  let from = 0;
  let size = 0;
  for (let at = 0; at < items.length; at += 1) {
    const own = sizeOf(items[at] as Item);
    if (at > from && (at - from === limit.items || size + own > limit.size)) {
      yield items.slice(from, at);
      from = at;
      size = 0;
    }
    size += own;
  }
  if (from < items.length) yield from === 0 ? items : items.slice(from);
}
