// The classic script: `window.MoneyFlow`, and started at once where the script element itself says how.
import type { InitOptions, MoneyFlowApi } from './api';
import { init, MoneyFlow } from './tracker';

const page = window as { MoneyFlow?: MoneyFlowApi };
// A page that carries the script twice is told once; an element of that name is none of ours.
if (!page.MoneyFlow || !page.MoneyFlow.version) page.MoneyFlow = MoneyFlow;

const script = document.currentScript;
// An image can have that name, and would say where tokens go.
const told = script instanceof HTMLScriptElement ? script : undefined;
const origin = told && told.src ? new URL(told.src).origin : undefined;
MoneyFlow.init = (options) => init(options, origin);
if (told && told.dataset.writeKey) {
  const { endpoint = origin, writeKey, name, consent } = told.dataset as InitOptions;
  page.MoneyFlow.init({ endpoint, writeKey, name, consent });
}
