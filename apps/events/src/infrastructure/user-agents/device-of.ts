import { isbot } from 'isbot';
import { Device } from '../../domain/tracked-event';
import { Named, ParsedUserAgent } from './uap-parser';

const TV =
  /\b(?:smart-?tv|googletv|android tv|apple ?tv|hbbtv|netcast|web0s|webos\.tv|crkey|roku|bravia|viera|aft[a-z]{1,2}|tizen [\d.]+; tv)\b|\btv;/i;
const TABLET =
  /\b(?:ipad|tablet|playbook|kindle|silk(?!-accelerated=true.{0,80}mobile)|nexus (?:7|9|10)|sm-[tp]\d{3})/i;
/** Libraries that apps of phones speak through: a list of bots has them, as scripts use them, too. */
const APP = /\b(?:okhttp|alamofire|dalvik|dart|cfnetwork|reactnative|expo)\b/i;
/** Chrome calls every Android `K` since 2023, so as not to tell which it is. */
const GENERIC: Record<string, string> = {
  mobile: 'Generic Smartphone',
  tablet: 'Generic Tablet',
  tv: 'Generic TV',
};
const HANDHELD_FAMILY = /^Generic (?:Smartphone|Feature Phone)/;
const MOBILE = /\bmobi|\biphone|\bipod|windows phone|\bmidp\b|opera mini/i;
const DESKTOP = new Set([
  'Windows',
  'Mac OS X',
  'Linux',
  'Chrome OS',
  'Ubuntu',
  'Fedora',
  'Debian',
  'Red Hat',
  'SUSE',
  'openSUSE',
  'Arch Linux',
  'CentOS',
  'Mint',
  'Kubuntu',
  'Mandriva',
  'Gentoo',
  'Slackware',
  'FreeBSD',
  'OpenBSD',
  'NetBSD',
  'Solaris',
  'Mac OS',
]);
const HANDHELD = new Set([
  'iOS',
  'Android',
  'KaiOS',
  'Windows Phone',
  'BlackBerry OS',
  'Symbian OS',
  'Firefox OS',
  'Tizen',
]);

/** A user agent that was not sent, or tells nothing. */
export const UNKNOWN_DEVICE: Device = Object.freeze({
  kind: 'other',
  family: 'Other',
  browser: 'Other',
  os: 'Other',
  bot: false,
});

/** What analytics want to know of a user agent: names, and the versions that people speak of. */
export function deviceOf(text: string, { userAgent, os, device }: ParsedUserAgent): Device {
  const bot = device.family === 'Spider' || (isbot(text) && !APP.test(text));
  const kind = kindOf(text, os, device.family);
  return {
    kind: bot ? 'bot' : kind,
    family: device.family === 'K' ? (GENERIC[kind] ?? 'Other') : device.family,
    browser: userAgent.family,
    browserVersion: userAgent.major,
    os: os.family,
    osVersion: os.minor === undefined ? os.major : `${os.major}.${os.minor}`,
    bot,
  };
}

function kindOf(text: string, os: Named, family: string): Device['kind'] {
  if (TV.test(text)) return 'tv';
  if (TABLET.test(text) || family === 'Generic Tablet') return 'tablet';
  if (MOBILE.test(text) || HANDHELD_FAMILY.test(family)) return 'mobile';
  // By Google's rule an Android that does not say "Mobile" is a tablet; an app's own library says neither.
  if (os.family === 'Android') return APP.test(text) ? 'mobile' : 'tablet';
  if (DESKTOP.has(os.family)) return 'desktop';
  return HANDHELD.has(os.family) ? 'mobile' : 'other';
}
