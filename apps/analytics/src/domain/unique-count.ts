import { STATED_ERROR, UniqueSketch } from './unique-sketch';

/** How many different ones there are, and how well that is known. */
export interface UniqueCount {
  count: number;
  method: 'exact' | 'estimated';
  /** By what part of it `count` may be off. */
  error: number;
}

export function uniqueCount({ count, exact }: Pick<UniqueSketch, 'count' | 'exact'>): UniqueCount {
  return exact ? { count, method: 'exact', error: 0 } : { count, method: 'estimated', error: STATED_ERROR };
}
