import { TenantId } from '../ids';

/** Replaces an id that is itself personal data (an e-mail, a CPF) by one that only says "the same as before". */
export abstract class Pseudonyms {
  /** The same for the same tenant and text, for ever; tells nothing about the text. */
  abstract of(tenantId: TenantId, id: string): string;
}
