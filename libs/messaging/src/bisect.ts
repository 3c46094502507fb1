/** A row that fails even when it stands alone, and why. */
export interface Poisoned<Row> {
  row: Row;
  error: unknown;
}

/**
 * Runs `attempt` over all rows and, when it fails because of the data, over ever smaller halves until each bad row
 * stands alone; the good ones are done by then. One bad row among n costs about 2·log2(n) attempts.
 *
 * @param isDataFault tells an error that these rows cause from one that would strike any row (a lost connection)
 * @returns the rows that cannot be done, in their order
 * @throws what `attempt` threw, when it is no data fault; what succeeded before stays done
 */
export async function bisect<Row>(
  rows: readonly Row[],
  attempt: (rows: readonly Row[]) => Promise<void>,
  isDataFault: (error: unknown) => boolean,
): Promise<Poisoned<Row>[]> {
  if (rows.length === 0) return [];
  try {
    await attempt(rows);
    return [];
  } catch (error) {
    if (!isDataFault(error)) throw error;
    const [first] = rows;
    if (rows.length === 1 && first !== undefined) return [{ row: first, error }];
    const middle = rows.length >> 1;
    const left = await bisect(rows.slice(0, middle), attempt, isDataFault);
    const right = await bisect(rows.slice(middle), attempt, isDataFault);
    return [...left, ...right];
  }
}
