/** Why the platform does not start, in words for whoever typed `npm start`, and what they can do about it. */
export class CannotStart extends Error {
  constructor(
    readonly problem: string,
    readonly remedy: string,
    options?: ErrorOptions,
  ) {
    super(`${problem}\n${remedy}`, options);
  }
  override get name(): string {
    return 'CannotStart';
  }
}
