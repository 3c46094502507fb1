import { byId, make } from './dom.js';
import { events, groups, valueOf } from './event-forms.js';

let chosen = events.find(({ type }) => type === 'transfer_completed');

/** The list of types, and the form of the one that is chosen. @param send called with type and properties */
export function startEditor(send) {
  byId('types').replaceChildren(
    ...groups.flatMap((group) => [make('h3', {}, group.title), ...group.events.map(entryOf)]),
  );
  byId('event-form').addEventListener('input', preview);
  byId('event-form').addEventListener('submit', (submitted) => {
    submitted.preventDefault();
    send(chosen.type, told());
  });
  byId('send-wrong').addEventListener('click', () => {
    // Money to three places: the collector refuses this one, and no other of its batch.
    send('transfer_completed', { amount: '10.005', description: 'Valor com três casas' });
  });
  byId('send-all').addEventListener('click', () => {
    for (const { type, fields } of events)
      send(
        type,
        propertiesOf(fields, (field) => String(field.value)),
      );
  });
  choose(chosen.type);
}

/** How many of a type were taken and refused, beside its name. */
export function showCount(type, accepted, rejected) {
  const badge = document.querySelector(`[data-count="${CSS.escape(type)}"]`);
  if (!badge) return;
  badge.textContent = rejected > 0 ? `${accepted} · ${rejected}` : String(accepted);
  badge.className = `count ${rejected > 0 ? 'bad' : 'good'}`;
}

function entryOf({ type, title }) {
  const entry = make(
    'button',
    { type: 'button', class: 'type', 'data-type': type, title: type },
    make('span', {}, title),
    make('span', { class: 'count', 'data-count': type }),
  );
  entry.addEventListener('click', () => choose(type));
  return entry;
}

function choose(type) {
  chosen = events.find((event) => event.type === type);
  const group = groups.find(({ events: its }) => its.includes(chosen));
  byId('event-title').textContent = `${group.title} · ${chosen.title}`;
  byId('event-type').textContent = type;
  byId('event-about').textContent = chosen.about;
  byId('event-critical').hidden = !chosen.critical;
  byId('fields').replaceChildren(...chosen.fields.map(fieldOf));
  for (const entry of document.querySelectorAll('.type')) {
    entry.setAttribute('aria-current', String(entry.dataset.type === type));
  }
  preview();
}

function fieldOf({ name, label, value, kind, options, wide, required }) {
  const common = { name, required };
  const input =
    kind === 'option' || kind === 'flag'
      ? make(
          'select',
          common,
          ...(options ?? ['true', 'false']).map((one) =>
            make(
              'option',
              { value: one, selected: one === String(value) },
              kind === 'flag' ? { true: 'sim', false: 'não' }[one] : one,
            ),
          ),
        )
      : make('input', {
          ...common,
          value: String(value),
          type: kind === 'day' ? 'date' : 'text',
          inputmode: kind === 'amount' || kind === 'number' ? 'decimal' : undefined,
          autocomplete: 'off',
        });
  return make('label', { class: wide ? 'wide' : undefined }, required ? `${label} *` : label, input);
}

function told() {
  const form = new FormData(byId('event-form'));
  return propertiesOf(chosen.fields, ({ name }) => String(form.get(name) ?? ''));
}

function propertiesOf(fields, toldOf) {
  const pairs = fields.map((field) => [field.name, valueOf(field, toldOf(field))]);
  return Object.fromEntries(pairs.filter(([, value]) => value !== undefined));
}

function preview() {
  byId('preview').textContent = JSON.stringify({ event_type: chosen.type, properties: told() }, undefined, 2);
}
