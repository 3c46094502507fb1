import { ActingSession } from '../sign-in/identity-provider';

/** What the identity provider gave for a session (`Proven.grant`): kept sealed, for that session alone. */
export abstract class SessionGrants {
  /** Inside the transaction of the session's tenant; replaces what was kept before. */
  abstract keep(session: ActingSession, grant: string): Promise<void>;

  /** Also of a session that was just ended: signing out at the provider comes after that. */
  abstract find(session: ActingSession): Promise<string | undefined>;

  /**
   * Replaces the grant by what `renewal` makes of it; nobody else does so with the same one meanwhile.
   * @returns what is kept then; nothing where nothing was kept
   */
  abstract renew(
    session: ActingSession,
    renewal: (grant: string) => Promise<string>,
  ): Promise<string | undefined>;

  abstract forget(session: ActingSession): Promise<void>;
}
