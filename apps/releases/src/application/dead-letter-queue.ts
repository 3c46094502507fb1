import { Rejection } from '../domain/rejection';

/** Where operators look: an alarm beside the rejection rows, which are the truth. */
export abstract class DeadLetterQueue {
  abstract send(rejections: readonly Rejection[]): Promise<void>;
}
