export interface ExpiringMember {
  readonly member: string;
  readonly expiresAt: Date;
}

export interface SetSnapshot {
  /** The same object as last time when nothing was added and nothing expired. */
  readonly members: ReadonlySet<string>;
  /** Changes with every addition. Empty: this store knows nothing of the key, so its owner may want to load it again. */
  readonly revision: string;
}

/** A set whose members leave by themselves: the deny list of sessions. Every method throws StoreUnavailable. */
export abstract class ExpiringSet {
  /** One round trip, all or nothing. A member that is there already keeps its later expiry. */
  abstract addAll(key: string, members: readonly ExpiringMember[]): Promise<void>;

  add(key: string, member: string, expiresAt: Date): Promise<void> {
    return this.addAll(key, [{ member, expiresAt }]);
  }

  /** The members not yet expired. Asks for them again only when the revision moved. */
  abstract snapshot(key: string): Promise<SetSnapshot>;
}
