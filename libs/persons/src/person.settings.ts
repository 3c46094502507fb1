import { string } from '@libs/config';

/** What every process needs that names persons, or knows who is erased. */
export function pseudonymSecret() {
  return string('EVENT_PSEUDONYM_SECRET', {
    secret: true,
    minLength: 32,
    about:
      'Replaces user ids that are personal data (an e-mail, a CPF) by pseudonyms, and marks erased persons. Every collector and sink shares it; changing it makes such people strangers and lets late events of erased ones in.',
  });
}
