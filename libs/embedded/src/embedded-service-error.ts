/** Why an embedded service cannot run here, and what the person at the keyboard can do about it. */
export class EmbeddedServiceError extends Error {
  constructor(
    /** `PostgreSQL`, `SQS`, … */
    readonly service: string,
    problem: string,
    /** A sentence in the imperative. */
    readonly advice: string,
    options?: ErrorOptions,
  ) {
    super(`${service}: ${problem}. ${advice}`, options);
  }

  override get name(): string {
    return 'EmbeddedServiceError';
  }
}
