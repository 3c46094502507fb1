import { BlankName } from './auth.errors';

const MAX_LENGTH = 120;

/** A name of a person or a company for display: trimmed, inner blanks single. @throws BlankName naming `path` */
export function displayName(text: string, path: string): string {
  const name = text
    .normalize('NFC')
    .replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
    .trim();
  if (name.length === 0 || name.length > MAX_LENGTH) throw new BlankName(path);
  return name;
}
