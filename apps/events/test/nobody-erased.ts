import { Erasures, OfPerson } from '@libs/kernel';

/** Lets everybody in but the one it is told. */
export class NobodyErased extends Erasures {
  constructor(private readonly but?: string) {
    super();
  }

  async admitted<E extends OfPerson>(events: readonly E[]): Promise<readonly E[]> {
    return this.but === undefined ? events : events.filter(({ userId }) => userId !== this.but);
  }
}
