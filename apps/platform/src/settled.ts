/** Waits for all, even when one fails: what still starts must have noted itself for the undoing. @throws what the first of them threw */
export async function settled<A, B>(work: [Promise<A>, Promise<B>]): Promise<[A, B]> {
  await Promise.allSettled(work);
  return Promise.all(work);
}
