import { derived, SettingProblem, string } from '@libs/config';
import { ApiKeyPeppers, Pepper } from './api-key-peppers';

const VERSIONED = /^[1-9]\d{0,5}:/;
const MIN_LENGTH = 32;
/** Each version costs every unknown key one more HMAC. */
const MAX_VERSIONS = 4;

/** What a service that takes API keys must know: `{ peppers }`. */
export function apiKeySettings() {
  return {
    peppers: derived(
      {
        secret: string('API_KEY_SECRET', {
          secret: true,
          about:
            'Hashes API keys; auth and every service that takes keys share it. `version:secret` pairs, comma separated, newest first (`2:…,1:…`), each secret of 32 characters or more without a comma; a bare secret is version 1. Put a new one in front to rotate, in every service before auth; dropping the old one ends the keys under it.',
        }),
      },
      ({ secret }) => new ApiKeyPeppers(readPeppers(secret)),
    ),
  };
}

/** @throws SettingProblem */
function readPeppers(raw: string): Pepper[] {
  const peppers = VERSIONED.test(raw) ? raw.split(',').map(readPepper) : [{ version: 1, secret: raw }];
  if (peppers.some(({ secret }) => secret.length < MIN_LENGTH))
    throw new SettingProblem(`must have at least ${MIN_LENGTH} characters a secret`);
  if (peppers.length > MAX_VERSIONS) throw new SettingProblem(`must have at most ${MAX_VERSIONS} versions`);
  const sorted = peppers.every(({ version }, at) => at === 0 || version < (peppers[at - 1]?.version ?? 0));
  if (!sorted) throw new SettingProblem('must list each version once, the newest first');
  if (new Set(peppers.map(({ secret }) => secret)).size < peppers.length)
    throw new SettingProblem('must not repeat a secret');
  return peppers;
}

function readPepper(item: string): Pepper {
  const text = item.trim();
  if (!VERSIONED.test(text)) throw new SettingProblem('must be version:secret pairs, comma separated');
  const colon = text.indexOf(':');
  return { version: Number(text.slice(0, colon)), secret: text.slice(colon + 1) };
}
