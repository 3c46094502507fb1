import { address } from './address';
import type { AutoTracking } from './api';
import { options } from './settings';

type Track = (type: string, properties?: Record<string, unknown>) => string | undefined;
type Page = (properties?: Record<string, unknown>, from?: string) => string | undefined;

const HEARTBEAT_MS = 60_000;
const CLICKABLE =
  'a,button,summary,label,input,select,textarea,[role=button],[role=link],[role=tab],[role=menuitem],[onclick]';
const IGNORED = '[data-mf-ignore]';
/** A page that fails in a loop tells it so often, and no more. */
const MAX_ERRORS = 20;

/** Begins what the options do not switch off. @returns what looks whether another page is shown */
export function startAuto(track: Track, page: Page): (() => void) | undefined {
  const { auto = true } = options;
  const wanted = (what: keyof AutoTracking): boolean => !!auto && (auto as AutoTracking)[what] !== false;
  if (wanted('clicks')) clicks(track);
  if (wanted('forms')) forms(track);
  if (wanted('errors')) errors(track);
  if (wanted('heartbeat')) heartbeat(track);
  return wanted('pageViews') ? pageViews(page) : undefined;
}

function pageViews(page: Page): () => void {
  let shown = '';
  const look = (): void => {
    const now = address();
    if (now !== shown && page(undefined, shown)) shown = now;
  };
  // Later: the application sets its title after the address, and a redirect is one page.
  const soon = (): void => void setTimeout(look);
  for (const name of ['pushState', 'replaceState'] as const) {
    const original = history[name].bind(history);
    history[name] = (...told: Parameters<History['pushState']>) => {
      original(...told);
      soon();
    };
  }
  addEventListener('popstate', soon);
  addEventListener('hashchange', soon);
  look();
  return look;
}

function clicks(track: Track): void {
  addEventListener(
    'click',
    (event) => {
      const target = event.composedPath()[0];
      const element = target instanceof Element && target.closest(CLICKABLE);
      if (!element || isIgnored(event)) return;
      track('click', {
        element: element.tagName.toLowerCase(),
        element_id: attribute(element, 'id'),
        name: attribute(element, 'data-mf-name'),
        text: options.clickText ? labelOf(element) : undefined,
        // where it leads, without what a query may say of a person
        href: (attribute(element, 'href') || '').split(/[?#]/)[0] || undefined,
        x: Math.max(0, Math.round(event.pageX)),
        y: Math.max(0, Math.round(event.pageY)),
      });
    },
    true,
  );
}

function forms(track: Track): void {
  addEventListener(
    'submit',
    (event) => {
      const form = event.target as HTMLFormElement;
      if (isIgnored(event)) return;
      const fields = Array.from(form.elements)
        .filter((field) => !field.closest(IGNORED))
        .map((field) => attribute(field, 'name'))
        .filter((name) => name);
      track('form_submit', {
        form_id: attribute(form, 'id'),
        form_name: attribute(form, 'name'),
        action: (attribute(form, 'action') || '').split(/[?#]/)[0] || undefined,
        fields: Array.from(new Set(fields)).slice(0, 200),
      });
    },
    true,
  );
}

function errors(track: Track): void {
  let told = 0;
  const tell = (kind: string, error: unknown, message: string, more?: Record<string, unknown>): void => {
    if (++told > MAX_ERRORS) return;
    const { name, stack } = (error instanceof Error ? error : {}) as Partial<Error>;
    track('error', {
      kind,
      message: (message || 'unknown').slice(0, 8_000),
      name: name && name.slice(0, 256),
      stack: stack && stack.slice(0, 16_000),
      ...more,
    });
  };
  addEventListener('error', ({ error, message, filename, lineno, colno }) =>
    tell('error', error, message, { source: filename || undefined, line: lineno, column: colno }),
  );
  addEventListener('unhandledrejection', ({ reason }: PromiseRejectionEvent) =>
    tell('unhandledrejection', reason, String(reason instanceof Error ? reason.message : reason)),
  );
}

function heartbeat(track: Track): void {
  let visible = 0;
  setInterval(() => {
    if (document.hidden) return;
    visible += HEARTBEAT_MS;
    track('heartbeat', { interval_ms: HEARTBEAT_MS, visible_ms: visible });
  }, HEARTBEAT_MS);
}

/** In shadow trees, too, which `closest` does not leave. */
function isIgnored(event: Event): boolean {
  return event.composedPath().some((node) => node instanceof Element && node.matches(IGNORED));
}

function labelOf(element: Element): string | undefined {
  // What a field shows is what a person typed or chose.
  if (/^(input|select|textarea)$/i.test(element.tagName)) return undefined;
  return (element.textContent || '').replace(/\s+/g, ' ').trim().slice(0, 64) || undefined;
}

/** By getAttribute: a field named "id" hides `form.id`. */
function attribute(element: Element, name: string): string | undefined {
  return (element.getAttribute(name) || '').slice(0, 256) || undefined;
}
