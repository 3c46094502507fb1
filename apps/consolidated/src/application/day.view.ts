import { ConsolidatedDay } from '../domain/consolidated-day';

/** The figures of a day as clients see them; amounts become decimal strings in JSON. */
export function dayView(day: ConsolidatedDay) {
  return {
    date: day.date,
    openingBalance: day.openingBalance,
    credits: day.credits,
    debits: day.debits,
    balance: day.balance,
    closingBalance: day.closingBalance,
    count: day.count,
  };
}
