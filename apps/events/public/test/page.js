import { byId } from './dom.js';
import { startEditor } from './editor.js';
import { clearLog, note } from './log.js';

const KEPT_KEY = 'mf-test-key';
const STORAGES = { indexedDB: 'IndexedDB', localStorage: 'localStorage', memory: 'memória' };
const { MoneyFlow } = window;

/** The demo company's key where this installation has one; else the one that was typed into this tab. */
async function writeKey() {
  const answer = await fetch('/test.json', { cache: 'no-store' }).catch(() => undefined);
  const demo = answer?.ok ? (await answer.json()).writeKey : undefined;
  return demo ?? sessionStorage.getItem(KEPT_KEY) ?? undefined;
}

function start(key) {
  MoneyFlow.init({
    writeKey: key,
    name: 'test-page',
    onNotice: (notice) => {
      note(notice);
      if (notice.kind === 'answered' && notice.rejected.length === 0) tell();
      if (notice.kind === 'failed' && (notice.status === 401 || notice.status === 403))
        refuseKey(notice.status);
      show();
    },
  });
  byId('version').textContent = MoneyFlow.version;
  startEditor((type, properties) => {
    if (!MoneyFlow.track(type, properties))
      tell('Sem consentimento nada é registrado. Ligue-o nos controles.');
    show();
  });
  startControls();
  setInterval(show, 500);
  show();
}

function startControls() {
  byId('online').addEventListener('change', ({ target }) => {
    if (target.checked) MoneyFlow.resume();
    else MoneyFlow.pause();
    show();
  });
  byId('consent').addEventListener('change', ({ target }) => {
    if (target.checked) MoneyFlow.optIn();
    else MoneyFlow.optOut();
    tell();
    show();
  });
  byId('identify-form').addEventListener('submit', (submitted) => {
    submitted.preventDefault();
    MoneyFlow.identify(byId('user').value.trim());
    show();
  });
  byId('flush').addEventListener('click', () => void MoneyFlow.flush().then(show));
  byId('reset').addEventListener('click', () => {
    MoneyFlow.reset();
    show();
  });
  byId('clear').addEventListener('click', clearLog);
  byId('order').addEventListener('submit', (submitted) => submitted.preventDefault());
  byId('fail').addEventListener('click', () => {
    throw new Error('Erro provocado na página de teste');
  });
}

function show() {
  const state = MoneyFlow.state();
  const sending = !state.tracking ? 'bad' : state.paused || !state.online ? 'wait' : 'good';
  byId('dot-sending').className = `dot ${sending}`;
  byId('text-sending').textContent = state.paused
    ? 'Conexão desligada'
    : state.online
      ? 'Conectado'
      : 'Sem rede';
  byId('dot-consent').className = `dot ${state.tracking ? 'good' : 'bad'}`;
  byId('text-consent').textContent = state.tracking ? 'Com consentimento' : 'Sem consentimento';
  byId('queued').textContent = String(state.queued);
  byId('storage').textContent = STORAGES[state.storage];
  byId('online').checked = !state.paused;
  byId('online-about').textContent = state.paused
    ? 'Desligada: os eventos esperam na fila, também depois de fechar a página.'
    : 'Os eventos saem da fila assim que podem.';
  byId('consent').checked = state.tracking;
  byId('user-id').textContent = state.userId ?? 'ninguém';
  for (const [id, value] of [
    ['device-id', state.deviceId],
    ['session-id', state.sessionId],
  ]) {
    byId(id).textContent = value ?? '–';
    byId(id).title = value ?? '';
  }
}

function tell(message) {
  byId('notice').textContent = message ?? '';
  byId('notice').hidden = !message;
}

function refuseKey(status) {
  sessionStorage.removeItem(KEPT_KEY);
  tell(`O coletor recusou a chave (HTTP ${status}). Recarregue a página e use outra; a fila espera.`);
}

function askForKey() {
  byId('key-card').hidden = false;
  byId('text-sending').textContent = 'Sem chave';
  byId('key-form').addEventListener('submit', (submitted) => {
    submitted.preventDefault();
    const key = byId('key').value.trim();
    sessionStorage.setItem(KEPT_KEY, key);
    byId('key-card').hidden = true;
    start(key);
  });
}

if (!MoneyFlow) tell('O arquivo /moneyflow-tracking.js não carregou: a página precisa dele.');
else {
  const key = await writeKey();
  if (key) start(key);
  else askForKey();
}
