import { read, write } from './memory';
import { options } from './settings';

/** Read each time: another tab may have said no meanwhile. */
export function allowed(): boolean {
  const said = read('consent');
  if (said) return said === 'yes';
  const { doNotTrack, globalPrivacyControl } = navigator as Navigator & { globalPrivacyControl?: boolean };
  if (options.respectDoNotTrack !== false && (doNotTrack === '1' || globalPrivacyControl)) return false;
  return options.consent !== 'required';
}

export function say(yes: boolean): void {
  write('consent', yes ? 'yes' : 'no');
}
