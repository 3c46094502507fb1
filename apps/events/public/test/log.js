import { byId, clock, make } from './dom.js';
import { showCount } from './editor.js';

const MOST_ROWS = 200;
const MOST_ANSWERS = 60;
const STATES = {
  queued: 'na fila',
  sending: 'enviando',
  accepted: 'aceito',
  rejected: 'recusado',
  failed: 'será reenviado',
  dropped: 'descartado',
};

const events = new Map();
const counts = new Map();
const totals = { accepted: 0, rejected: 0, duplicates: 0, failed: 0 };
let flying = [];

/** Takes what the SDK tells of its events (`onNotice`) and shows it. */
export function note(notice) {
  switch (notice.kind) {
    case 'queued':
      return addRow(notice);
    case 'sending':
      flying = notice.eventIds;
      return flying.forEach((id) => setState(id, 'sending'));
    case 'answered':
      return answered(notice);
    case 'failed':
      flying.forEach((id) => setState(id, 'failed'));
      add('failed', 1);
      return say(
        notice.status ? `HTTP ${notice.status}` : 'Sem resposta',
        `nova tentativa em ${(notice.retryInMs / 1000).toFixed(1).replace('.', ',')} s`,
        'failed',
      );
    case 'dropped':
      return setState(notice.eventId, 'dropped', notice.code);
    case 'stopped':
      return say('Consentimento retirado', 'a fila e os ids deste dispositivo foram apagados', 'dropped');
  }
}

export function clearLog() {
  events.clear();
  byId('rows').replaceChildren();
  byId('answers').replaceChildren();
  showEmpty();
}

function answered({ status, accepted, rejected, duplicates }) {
  accepted.forEach((id) => setState(id, 'accepted'));
  rejected.forEach(({ eventId, code, message }) => setState(eventId, 'rejected', code, message));
  add('accepted', accepted.length);
  add('rejected', rejected.length);
  add('duplicates', duplicates);
  const parts = [`${accepted.length} aceito(s)`];
  if (rejected.length) parts.push(`${rejected.length} recusado(s)`);
  if (duplicates) parts.push(`${duplicates} repetido(s)`);
  const why = rejected.map(({ code, message }) => `${code}: ${message}`).join(' · ');
  say(`HTTP ${status} · ${parts.join(', ')}`, why, rejected.length ? 'rejected' : 'accepted');
}

function addRow({ eventId, eventType }) {
  const state = make('td');
  const row = make(
    'tr',
    { 'data-event': eventId },
    make('td', {}, clock()),
    make('td', {}, eventType),
    make('td', { class: 'id', title: eventId }, eventId.slice(0, 8)),
    state,
  );
  events.set(eventId, { eventType, row, state });
  byId('rows').prepend(row);
  if (events.size > MOST_ROWS) {
    const [oldest, { row: gone }] = events.entries().next().value;
    events.delete(oldest);
    gone.remove();
  }
  setState(eventId, 'queued');
  showEmpty();
}

function setState(eventId, state, code, message) {
  const known = events.get(eventId);
  if (!known) return;
  known.row.dataset.state = state;
  known.state.className = `state-${state}`;
  known.state.textContent = code ? `${STATES[state]} · ${code}` : STATES[state];
  if (message) known.state.title = message;
  if (state !== 'accepted' && state !== 'rejected') return;
  const count = counts.get(known.eventType) ?? { accepted: 0, rejected: 0 };
  count[state] += 1;
  counts.set(known.eventType, count);
  showCount(known.eventType, count.accepted, count.rejected);
}

function add(total, by) {
  totals[total] += by;
  byId(`total-${total}`).textContent = String(totals[total]);
}

function say(what, detail, state) {
  const answers = byId('answers');
  const line = make('li', {}, make('time', {}, clock()), make('span', { class: `state-${state}` }, what));
  if (detail) line.append(make('small', {}, detail));
  answers.prepend(line);
  while (answers.children.length > MOST_ANSWERS) answers.lastElementChild.remove();
  showEmpty();
}

function showEmpty() {
  byId('no-rows').hidden = events.size > 0;
  byId('no-answers').hidden = byId('answers').children.length > 0;
}
