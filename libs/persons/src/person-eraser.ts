import { Completion } from '@libs/kernel';
import { Erasure } from './erasure';

/** Makes a service's consumers forget persons; but for waitForBatches, in the open transaction. */
export abstract class PersonEraser {
  /** What is erased of a person, in the order in which it goes. */
  abstract readonly kinds: readonly string[];

  /** From its commit on no batch that begins takes in what they did until they were erased. */
  abstract keepOut(erasures: readonly Erasure[]): Promise<void>;

  /** Returns once no batch is open that began before; for a transaction of its own, after the commit of keepOut. */
  abstract waitForBatches(): Promise<void>;

  /** Deletes up to `most` rows and counts them. @returns how many */
  abstract erase(erasure: Erasure, kind: string, most: number): Promise<number>;

  /** When all kinds are gone. @returns undefined where it was complete already, or is to be later by something else */
  abstract complete(erasure: Erasure, at: Date): Promise<Completion | undefined>;
}
