import { EventForm, flag, name } from './property-form';

/** A person comes and goes. */
export const accessForms = {
  login: {
    when: 'A person signed in.',
    properties: {
      method: name('`password`, `google`, `passkey`, …'),
      mfa: flag('whether a second factor was asked'),
      success: flag('false where the attempt failed'),
    },
  },
  logout: {
    when: 'A person signed out.',
    properties: { reason: name('`user`, `timeout`, …') },
  },
} as const satisfies Record<string, EventForm>;
