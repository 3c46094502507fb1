import { BusinessDate } from '@libs/kernel';
import { Balance } from './balance';

/** What a day moved. `credits` and `debits` are both ≥ 0. */
export interface DayMovement {
  credits: Balance;
  debits: Balance;
  count: number;
}

const STILL: DayMovement = { credits: Balance.ZERO, debits: Balance.ZERO, count: 0 };

/** A tenant's day: what it opened with, what moved, what it closed with. */
export class ConsolidatedDay {
  constructor(
    readonly date: BusinessDate,
    readonly openingBalance: Balance,
    private readonly movement: DayMovement = STILL,
  ) {}

  get credits(): Balance {
    return this.movement.credits;
  }

  get debits(): Balance {
    return this.movement.debits;
  }

  get count(): number {
    return this.movement.count;
  }

  /** What the day itself added: credits − debits. */
  get balance(): Balance {
    return this.credits.minus(this.debits);
  }

  get closingBalance(): Balance {
    return this.openingBalance.plus(this.balance);
  }

  /** Every day from `from` to `to`, those without movement too, each opening with what the last one closed with. */
  static run(
    from: BusinessDate,
    to: BusinessDate,
    openingBalance: Balance,
    movements: ReadonlyMap<string, DayMovement>,
  ): ConsolidatedDay[] {
    const days: ConsolidatedDay[] = [];
    let opening = openingBalance;
    for (let date = from; !date.isAfter(to); date = date.plusDays(1)) {
      const day = new ConsolidatedDay(date, opening, movements.get(date.toString()));
      days.push(day);
      opening = day.closingBalance;
    }
    return days;
  }
}
