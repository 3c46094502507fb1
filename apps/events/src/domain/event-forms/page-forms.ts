import { EventForm, integer, name, number, text, texts } from './property-form';

const DAY_MS = 86_400_000;

/** What a page says of itself and of what is done on it. */
export const pageForms = {
  page_view: {
    when: 'A page or a route of a single-page app is shown.',
    properties: {
      title: text(1_024, 'of the page'),
      path: text(8_192, 'of the page, without host and query'),
      load_time_ms: number(DAY_MS, 'until the page was loaded'),
    },
  },
  click: {
    when: 'An element is clicked or tapped.',
    properties: {
      element: text(64, 'tag name, such as `button`'),
      element_id: text(256, '`id` of the element'),
      name: text(256, 'what the page calls it (`data-mf-name`)'),
      text: text(512, 'label of the element; never what a person typed'),
      href: text(8_192, 'where a link leads'),
      x: number(100_000_000, 'in CSS pixels from the left of the page'),
      y: number(100_000_000, 'in CSS pixels from the top of the page'),
    },
  },
  form_submit: {
    when: 'A form is sent.',
    properties: {
      form_id: text(256, '`id` of the form'),
      form_name: text(256, '`name` of the form'),
      action: text(8_192, 'where it is sent to'),
      fields: texts(200, 256, 'names of the fields; never their values'),
    },
  },
  error: {
    when: 'A script failed: an uncaught error or an unhandled rejection.',
    properties: {
      message: { ...text(8_192, 'of the error'), required: true },
      name: text(256, 'class of the error, such as `TypeError`'),
      stack: text(65_536, 'of the error'),
      source: text(8_192, 'address of the script'),
      line: integer(100_000_000, 'in the script'),
      column: integer(100_000_000, 'in the script'),
      kind: name('where it was caught: `error`, `unhandledrejection`, …'),
    },
  },
  heartbeat: {
    when: 'Every 60 s while the page is visible.',
    properties: {
      interval_ms: integer(DAY_MS, 'since the heartbeat before'),
      visible_ms: integer(DAY_MS * 31, 'for which the page has been visible'),
    },
  },
} as const satisfies Record<string, EventForm>;
