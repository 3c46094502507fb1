/** Knows which country an address is in. */
export abstract class Countries {
  /** ISO 3166-1 alpha-2; undefined for private and unknown addresses. */
  abstract of(ip: string): string | undefined;
}
