import { read, write } from './memory';
import { options, url } from './settings';

let said: string | undefined;

/** Read each time: another tab may have said no meanwhile. */
export function allowed(): boolean {
  // An application may clear localStorage, as many do on signing out: what was said on this page stands.
  said = read('consent') || said;
  if (said) return said === 'yes';
  const { doNotTrack, globalPrivacyControl } = navigator as Navigator & { globalPrivacyControl?: boolean };
  if (options.respectDoNotTrack !== false && (doNotTrack === '1' || globalPrivacyControl)) return false;
  return options.consent !== 'required';
}

export function say(yes: boolean): void {
  said = yes ? 'yes' : 'no';
  keepWord();
}

/** Told before `init`, it is written down as soon as it is known under which name. */
export function keepWord(): void {
  if (url && said) write('consent', said);
}
