/** What a known property of an event may be. Everything about it in one place: reading, documentation and tests follow. */
export type PropertyForm = (
  | { kind: 'text'; max: number }
  | { kind: 'integer'; min: number; max: number }
  | { kind: 'number'; min: number; max: number }
  | { kind: 'flag' }
  /** Reais: a number or a decimal string with at most two places; becomes `"150.50"`. */
  | { kind: 'amount'; zero: boolean }
  /** ISO 4217, three capitals. */
  | { kind: 'currency' }
  /** `YYYY-MM-DD`. */
  | { kind: 'day' }
  | { kind: 'option'; options: readonly string[] }
  | { kind: 'texts'; max: number; items: number }
) & { about: string; required?: true };

/** The properties that a type of event knows; it may carry others. */
export interface EventForm {
  /** When a client sends it. */
  when: string;
  properties: Readonly<Record<string, PropertyForm>>;
}

export const text = (max: number, about: string): PropertyForm => ({ kind: 'text', max, about });
export const name = (about: string): PropertyForm => text(64, about);
export const id = (about: string): PropertyForm => ({ kind: 'text', max: 128, about });
export const integer = (max: number, about: string): PropertyForm => ({
  kind: 'integer',
  min: 0,
  max,
  about,
});
export const number = (max: number, about: string): PropertyForm => ({ kind: 'number', min: 0, max, about });
export const flag = (about: string): PropertyForm => ({ kind: 'flag', about });
export const amount = (about: string): PropertyForm => ({ kind: 'amount', zero: false, about });
export const amountOrZero = (about: string): PropertyForm => ({ kind: 'amount', zero: true, about });
export const currency = (): PropertyForm => ({
  kind: 'currency',
  about: 'ISO 4217; `BRL` where it is absent',
});
export const day = (about: string): PropertyForm => ({ kind: 'day', about });
export const option = (options: readonly string[], about: string): PropertyForm => ({
  kind: 'option',
  options,
  about,
});
export const texts = (items: number, max: number, about: string): PropertyForm => ({
  kind: 'texts',
  items,
  max,
  about,
});
export const required = (form: PropertyForm): PropertyForm => ({ ...form, required: true });
