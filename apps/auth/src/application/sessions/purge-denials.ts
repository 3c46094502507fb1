import { Injectable } from '@nestjs/common';
import { Clock } from '@libs/kernel';
import { DenialRepository } from '../../domain/denial.repository';

/** Forgets the denials that have ended: what they refused has expired by itself. */
@Injectable()
export class PurgeDenials {
  constructor(
    private readonly denials: DenialRepository,
    private readonly clock: Clock,
  ) {}

  execute(): Promise<void> {
    return this.denials.purge(this.clock.now());
  }
}
