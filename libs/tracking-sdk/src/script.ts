// The classic script: `window.MoneyFlow`, and started at once where the script element itself says how.
import type { InitOptions } from './api';
import { init, MoneyFlow } from './tracker';

(window as unknown as { MoneyFlow: typeof MoneyFlow }).MoneyFlow = MoneyFlow;

const script = document.currentScript as HTMLScriptElement | null;
const origin = script && script.src ? new URL(script.src).origin : undefined;
MoneyFlow.init = (options) => init(options, origin);
if (script && script.dataset.writeKey) {
  const { endpoint, writeKey, name, consent } = script.dataset as InitOptions;
  MoneyFlow.init({ endpoint, writeKey, name, consent });
}
