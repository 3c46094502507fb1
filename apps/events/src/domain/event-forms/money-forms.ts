import {
  amount,
  amountOrZero,
  currency,
  day,
  EventForm,
  id,
  integer,
  name,
  number,
  option,
  PropertyForm,
  required,
  text,
} from './property-form';

const spending = {
  currency: currency(),
  description: text(512, 'in words, for the statement'),
  category_id: id('which category it is counted in'),
  category: text(128, 'name of that category'),
} satisfies Record<string, PropertyForm>;

const transfer = {
  ...spending,
  transfer_id: id('the same in the three events of a transfer'),
  transfer_type: name('`pix`, `ted`, `internal`, …'),
  direction: option(['in', 'out'], 'which way the money goes; `out` where it is absent'),
  from_account: text(128, 'masked, such as `****1234`'),
  to_account: text(128, 'masked, such as `****1234`'),
  scheduled_for: day('on which it is to be made'),
} satisfies Record<string, PropertyForm>;

const payment = {
  ...spending,
  payment_id: id('the same in both events of a payment'),
  payment_method: name('`pix`, `boleto`, `card`, …'),
  merchant: text(256, 'who is paid'),
  installments: integer(999, 'in how many parts'),
  due_date: day('on which it is due'),
} satisfies Record<string, PropertyForm>;

const recharge = {
  ...spending,
  recharge_id: id('the same in both events of a recharge'),
  recharge_type: name('`mobile`, `transport`, `wallet`, …'),
  provider: text(128, 'such as the mobile operator'),
} satisfies Record<string, PropertyForm>;

/** Money moves. What is completed says how much; before that the amount may not be known yet. */
export const moneyForms = {
  transfer_initiated: {
    when: 'A person begins a transfer.',
    properties: { amount: amount('to be transferred'), ...transfer },
  },
  transfer_confirmed: {
    when: 'A person confirms a transfer.',
    properties: { amount: amount('to be transferred'), ...transfer },
  },
  transfer_completed: {
    when: 'A transfer is done. Critical: makes a transaction.',
    properties: {
      amount: required(amount('transferred')),
      fee: amountOrZero('charged for it, not part of `amount`'),
      ...transfer,
    },
  },
  payment_initiated: {
    when: 'A person begins a payment.',
    properties: { amount: amount('to be paid'), ...payment },
  },
  payment_completed: {
    when: 'A payment is done. Critical: makes a transaction.',
    properties: {
      amount: required(amount('paid')),
      fee: amountOrZero('charged for it, not part of `amount`'),
      ...payment,
    },
  },
  recharge_initiated: {
    when: 'A person begins a recharge.',
    properties: { amount: amount('to be recharged'), ...recharge },
  },
  recharge_completed: {
    when: 'A recharge is done.',
    properties: { amount: required(amount('recharged')), ...recharge },
  },
  cashback_earned: {
    when: 'Money comes back from a purchase. Makes a notification.',
    properties: {
      amount: required(amount('that came back')),
      currency: currency(),
      percentage: number(100, 'of the purchase'),
      merchant: text(256, 'where the purchase was'),
      transaction_id: id('of the purchase'),
    },
  },
} as const satisfies Record<string, EventForm>;
