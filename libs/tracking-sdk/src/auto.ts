import { address } from './address';
import type { AutoTracking } from './api';
import { options } from './settings';
import { text } from './text';

type Tell = (type: string, told: () => object) => unknown;
type Page = (properties?: object, from?: string) => string | undefined;

const HEARTBEAT_MS = 60_000;
const CLICKABLE =
  'a,button,summary,label,input,select,textarea,[role=button],[role=link],[role=tab],[role=menuitem],[onclick]';
const IGNORED = '[data-mf-ignore]';
/** A label with one of these in it may tell what a person typed or chose. */
const PERSONAL = `select,textarea,[contenteditable],${IGNORED}`;
/** A page that fails in a loop tells it so often, and no more. */
const MAX_ERRORS = 20;

/** Begins what the options do not switch off. @returns what looks whether another page is shown */
export function startAuto(tell: Tell, page: Page): (() => void) | undefined {
  const { auto = true } = options;
  const wanted = (what: keyof AutoTracking): boolean => !!auto && (auto as AutoTracking)[what] !== false;
  if (wanted('clicks')) clicks(tell);
  if (wanted('forms')) forms(tell);
  if (wanted('errors')) errors(tell);
  if (wanted('heartbeat')) heartbeat(tell);
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

function clicks(tell: Tell): void {
  addEventListener(
    'click',
    (event) => {
      const path = pathOf(event);
      // Not `closest`, which does not leave a shadow tree: an icon in a button may be one.
      const element = path.find((node) => is(node, CLICKABLE));
      if (!element || isIgnored(path)) return;
      // Its control is clicked after it, and told.
      if (element instanceof HTMLLabelElement && element.control && path.indexOf(element.control) < 0) return;
      tell('click', () => ({
        element: element.tagName.toLowerCase(),
        element_id: attribute(element, 'id'),
        name: attribute(element, 'data-mf-name'),
        text: options.clickText ? labelOf(element) : undefined,
        href: pathIn(element, 'href'),
        x: Math.max(0, event.pageX | 0),
        y: Math.max(0, event.pageY | 0),
      }));
    },
    true,
  );
}

function forms(tell: Tell): void {
  addEventListener(
    'submit',
    (event) => {
      const form = event.target;
      if (!(form instanceof HTMLFormElement) || isIgnored(pathOf(event))) return;
      tell('form_submit', () => {
        const controls = Reflect.get(HTMLFormElement.prototype, 'elements', form) as ArrayLike<Element>;
        const fields = Array.from(controls)
          .filter((field) => !field.closest(IGNORED))
          .map((field) => attribute(field, 'name'))
          .filter((name) => name);
        return {
          form_id: attribute(form, 'id'),
          form_name: attribute(form, 'name'),
          action: pathIn(form, 'action'),
          fields: Array.from(new Set(fields)).slice(0, 200),
        };
      });
    },
    true,
  );
}

function errors(tell: Tell): void {
  let told = 0;
  const report = (kind: string, thrown: unknown, message?: unknown, more?: object): void => {
    if (++told > MAX_ERRORS) return;
    tell('error', () => {
      const error = Object(thrown) as Partial<Record<string, unknown>>;
      const { name, stack } = thrown instanceof Error ? error : {};
      return {
        kind,
        message: text(message || error.message || thrown, 8_000) || 'unknown',
        name: text(name),
        stack: text(stack, 16_000),
        ...more,
      };
    });
  };
  addEventListener('error', ({ error, message, filename, lineno, colno }) =>
    report('error', error, message, { source: text(filename, 8_192), line: lineno, column: colno }),
  );
  addEventListener('unhandledrejection', ({ reason }) => report('unhandledrejection', reason));
}

function heartbeat(tell: Tell): void {
  let visible = 0;
  setInterval(() => {
    if (document.hidden) return;
    visible += HEARTBEAT_MS;
    tell('heartbeat', () => ({ interval_ms: HEARTBEAT_MS, visible_ms: visible }));
  }, HEARTBEAT_MS);
}

/** From the innermost element outwards, through shadow trees. */
const pathOf = (event: Event): Element[] =>
  event.composedPath().filter((node): node is Element => node instanceof Element);

const isIgnored = (path: Element[]): boolean => path.some((node) => is(node, IGNORED));

function labelOf(element: Element): string | undefined {
  if (element.closest(PERSONAL) || element.querySelector(PERSONAL)) return undefined;
  return text((element.textContent || '').replace(/\s+/g, ' ').trim(), 64);
}

// A form's fields hide what it has by itself: one that is named "id" its id, one that is named "matches" its method.
const is = (element: Element, selector: string): boolean => Element.prototype.matches.call(element, selector);
const attribute = (element: Element, name: string): string | undefined =>
  text(Element.prototype.getAttribute.call(element, name));

/** Where it leads, without what a query may say of a person. */
const pathIn = (element: Element, name: string): string | undefined =>
  text((attribute(element, name) || '').split(/[?#]/)[0]);
