import { Erasure, ErasedKind } from '../../domain/erasure';

/** Makes the sinks forget persons; but for waitForBatches, in the open transaction. */
export abstract class PersonEraser {
  /** From its commit on no batch that begins takes in what they did until they were erased. */
  abstract keepOut(erasures: readonly Erasure[]): Promise<void>;

  /** Returns once no batch is open that began before; for a transaction of its own, after the commit of keepOut. */
  abstract waitForBatches(): Promise<void>;

  /** Deletes up to `most` rows and counts them. @returns how many */
  abstract erase(erasure: Erasure, kind: ErasedKind, most: number): Promise<number>;

  /** Deletes the person's insights, which nobody makes of the former transactions any more, and says that all is done. */
  abstract complete(erasure: Erasure, at: Date): Promise<Completion | undefined>;
}

/** Given to whoever completes an erasure first. */
export interface Completion {
  /** The person who asked; undefined where another service did. */
  requestedBy: string | undefined;
  erased: Readonly<Record<string, number>>;
}
