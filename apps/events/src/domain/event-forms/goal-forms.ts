import { amount, amountOrZero, currency, day, EventForm, id, integer, name, text } from './property-form';

/** What a person sets out to do with money, and how it goes. */
export const goalForms = {
  goal_created: {
    when: 'A person sets a goal.',
    properties: {
      goal_id: id('the same when it is reached'),
      name: text(256, 'of the goal, such as `Viagem`'),
      target_amount: amount('to be reached'),
      currency: currency(),
      deadline: day('by which it is to be reached'),
    },
  },
  goal_completed: {
    when: 'A goal is reached. Makes a notification.',
    properties: {
      goal_id: id('as it was created'),
      name: text(256, 'of the goal'),
      target_amount: amount('that was to be reached'),
      saved_amount: amountOrZero('that was reached'),
      currency: currency(),
    },
  },
  achievement_unlocked: {
    when: 'A person earns a badge. Makes a notification.',
    properties: {
      achievement_id: id('which badge'),
      name: text(256, 'of the badge'),
      description: text(512, 'what it is for'),
      points: integer(1_000_000_000, 'that come with it'),
    },
  },
  budget_exceeded: {
    when: 'Spending passed a budget. Makes a notification.',
    properties: {
      budget_id: id('which budget'),
      category_id: id('which category it is for'),
      category: text(128, 'name of that category'),
      limit_amount: amountOrZero('of the budget'),
      spent_amount: amountOrZero('so far'),
      currency: currency(),
      period: name('`week`, `month`, …'),
    },
  },
} as const satisfies Record<string, EventForm>;
