import { maskCard, maskNamed, maskNumber, REMOVED } from './personal-data/masks';
import { maskText } from './personal-data/mask-text';
import { isMeasure, isOfPeople, isStateOfSecret, kindOfName, NamedKind } from './personal-data/names';
import { holdsTaxNumber } from './personal-data/tax-numbers';

export { maskText };

const DEEPEST = 64;
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Whether an id tells who somebody is (an e-mail, a CPF, a phone number) instead of standing for him. */
export function isPersonal(id: string): boolean {
  return !UUID.test(id) && (maskText(id) !== id || holdsTaxNumber(id));
}

/** Any JSON value, masked at every depth, in names of properties too. What needs no mask is returned as it is. */
export function maskJson(value: unknown): unknown {
  return mask(value, undefined, '', 0);
}

function mask(value: unknown, kind: NamedKind | undefined, name: string, depth: number): unknown {
  if (typeof value === 'string') return maskString(value, kind);
  if (typeof value === 'number') return maskedNumber(value, kind);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > DEEPEST) return REMOVED;
  return Array.isArray(value)
    ? maskList(value, kind, name, depth)
    : maskObject(value as Record<string, unknown>, kind, name, depth);
}

function maskString(text: string, kind: NamedKind | undefined): string {
  if (kind === undefined || kind === 'number') return maskText(text, kind === undefined);
  if (kind === 'secret') return REMOVED;
  return maskNamed(kind, text) ?? maskText(text);
}

function maskedNumber(value: number, kind: NamedKind | undefined): number | string {
  if (kind === 'number') return value;
  if (kind === undefined) return maskNumber(value) ?? value;
  return maskNamed(kind, String(value)) ?? value;
}

function maskList(list: unknown[], kind: NamedKind | undefined, name: string, depth: number): unknown[] {
  let masked = list;
  for (let at = 0; at < list.length; at++) {
    const by = mask(list[at], kind, name, depth + 1);
    if (by === list[at]) continue;
    if (masked === list) masked = [...list];
    masked[at] = by;
  }
  return masked;
}

function maskObject(
  object: Record<string, unknown>,
  inherited: NamedKind | undefined,
  name: string,
  depth: number,
): Record<string, unknown> {
  let copy: PropertyList | undefined;
  let seen = 0;
  for (const key in object) {
    const value = object[key];
    const kind = kindOfProperty(object, key, name, inherited);
    const removed = isRemoved(kind, key, value);
    const maskedKey = removed ? key : maskName(key);
    const masked = removed ? undefined : (cardIn(kind, key, value) ?? mask(value, kind, key, depth + 1));
    if (!copy && (removed || maskedKey !== key || masked !== value)) copy = new PropertyList(object, seen);
    if (copy && !removed) copy.add(key, maskedKey, masked);
    seen++;
  }
  return copy ? copy.object() : object;
}

/** A copy in the making: of an object whose first properties stay as they are. */
class PropertyList {
  private readonly entries: [string, unknown][];
  private readonly names = new Set<string>();
  /** Where to go on counting, so that many names of one mask are not counted through again for each of them. */
  private readonly counts = new Map<string, number>();

  constructor(
    private readonly origin: Record<string, unknown>,
    unchanged: number,
  ) {
    this.entries = Object.entries(origin).slice(0, unchanged);
  }

  /** Two people of one provider have the same mask, and both count. */
  add(key: string, masked: string, value: unknown): void {
    let count = masked === key ? 1 : (this.counts.get(masked) ?? 1);
    let name = count === 1 ? masked : `${masked} (${count})`;
    while (name !== key && (this.names.has(name) || Object.hasOwn(this.origin, name)))
      name = `${masked} (${++count})`;
    if (masked !== key) {
      this.counts.set(masked, count + 1);
      this.names.add(name);
    }
    this.entries.push([name, value]);
  }

  /** Unlike an assignment, this makes an own property of `__proto__`, too. */
  object(): Record<string, unknown> {
    return Object.fromEntries(this.entries);
  }
}

const HARMLESS_STATE =
  /^(?:\d{4}-\d\d-\d\d.*|\d\d?\/\d\d?\/\d{4}.*|1\d{9}(?:\d{3})?|\d{1,3}|true|false|yes|no|sim|n[aã]o|never|nunca|)$/is;

/** `hasPassword: true` tells no password, nor do `tokens: 4096` and `password_changed: "2026-11-22"`. */
function isRemoved(kind: NamedKind | undefined, name: string, value: unknown): boolean {
  if (kind === 'secret')
    return (
      value !== null && typeof value !== 'boolean' && !(typeof value === 'number' && /tokens$/i.test(name))
    );
  return (
    kind === undefined && typeof value === 'string' && isStateOfSecret(name) && !HARMLESS_STATE.test(value)
  );
}

/** A card's number in an amount or a count is a card's number. Orders have as many digits: one in fifty would pass. */
function cardIn(kind: NamedKind | undefined, name: string, value: unknown): string | undefined {
  if (kind !== 'number' || (typeof value !== 'string' && typeof value !== 'number') || !isMeasure(name))
    return undefined;
  return maskCard(String(value));
}

/** By its name; by that of what holds it, `pix: {key}`, `phone: {number}`; or of a pair, `{name: 'cpf', value}`. */
function kindOfProperty(
  object: Record<string, unknown>,
  key: string,
  parent: string,
  inherited: NamedKind | undefined,
): NamedKind | undefined {
  const kind = kindOfName(key);
  if (kind !== undefined && kind !== 'number') return kind;
  if (VALUES.has(key)) {
    const told = kindOfPair(object);
    if (told !== undefined) return told;
  }
  if (key === 'id' && isOfPeople(parent)) return undefined;
  if (CARRIERS.has(key))
    return inherited ?? (parent === 'pix' ? kindOfName(`pix_${key}`) : undefined) ?? kind;
  return kind;
}

/** What a form's field says of its value: `{name: 'cpf', value}`, `{type: 'password', text}`. */
function kindOfPair(object: Record<string, unknown>): NamedKind | undefined {
  for (const key of NAMES) {
    const name = object[key];
    const kind = typeof name === 'string' ? kindOfName(name) : undefined;
    if (kind !== undefined && kind !== 'number') return kind;
  }
  return undefined;
}

const VALUES: ReadonlySet<string> = new Set(['value', 'valor', 'val', 'text']);
const NAMES = ['name', 'key', 'field', 'campo', 'label', 'id', 'type'];
const CARRIERS: ReadonlySet<string> = new Set(['number', 'numero', 'value', 'valor', 'key', 'chave']);

const LONGEST_REMEMBERED = 64;
const REMEMBERED = 2_000;
const names = new Map<string, string>();

/** Names come from programs and are few; those of hostile ones must not fill the memory. */
function maskName(name: string): string {
  if (name.length > LONGEST_REMEMBERED) return maskText(name);
  let masked = names.get(name);
  if (masked === undefined) {
    masked = maskText(name);
    if (names.size >= REMEMBERED) names.clear();
    names.set(name, masked);
  }
  return masked;
}
