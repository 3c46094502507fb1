import { AuthorizationSecrets, VouchedPerson } from './openid-provider';

/** What a frontend wants of a Google sign-in. */
export interface GoogleErrand {
  purpose: 'sign_in' | 'link';
  /** The frontend's page that the browser comes back to. */
  returnTo: string;
  /** The frontend's own PKCE challenge, S256: only who began can redeem the code at the end. */
  codeChallenge: string;
}

/** An errand under way to Google and back. */
export interface GoogleFlow extends GoogleErrand, AuthorizationSecrets {
  /** Kept by the browser in a cookie: another browser cannot finish it. */
  browserSecret: string;
}

/** Google's word about a person, waiting to be redeemed by the frontend that asked for it. */
export interface GoogleProof extends GoogleErrand {
  person: VouchedPerson;
  triesLeft: number;
  endsAt: Date;
}

export const FLOW_SECONDS = 600;
export const PROOF_SECONDS = 300;
export const PROOF_TRIES = 5;

/** Keeps both, each under a text nobody can guess, to be taken once. Every method throws when the store is away. */
export abstract class GoogleFlows {
  /** Makes the secrets of a new flow and keeps it. */
  abstract begin(errand: GoogleErrand): Promise<GoogleFlow>;

  /** Gets and forgets; nothing for a browser that did not begin it. */
  abstract finish(state: string, browserSecret: string | undefined): Promise<GoogleFlow | undefined>;

  /** @returns the code for the frontend */
  abstract keepProof(proof: GoogleProof, now: Date): Promise<string>;

  /** Gets and forgets; nothing for whoever lacks the verifier of the challenge. */
  abstract takeProof(code: string, codeVerifier: string, now: Date): Promise<GoogleProof | undefined>;

  /** Gives a taken proof back under its code, for another try. */
  abstract putProofBack(code: string, proof: GoogleProof, now: Date): Promise<void>;
}
