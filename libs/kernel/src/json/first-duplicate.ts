interface Frame {
  keys?: Set<string>;
  path: string;
  index: number;
  /** The key whose value comes next; undefined while a key is awaited. */
  key?: string;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

/**
 * The dotted path of the first property that `text` (valid JSON) names twice in one object. Slow and exact: only
 * asked once a body is already known to repeat a key.
 */
export function firstDuplicate(text: string): string | undefined {
  const stack: Frame[] = [];
  for (const [token] of text.matchAll(TOKEN)) {
    const top = stack.at(-1);
    if (token === '{' || token === '[') {
      const keys = token === '{' ? new Set<string>() : undefined;
      stack.push({ keys, path: top ? pathIn(top) : '', index: 0 });
    } else if (token === '}' || token === ']') stack.pop();
    else if (token === ',' && top) {
      top.key = undefined;
      top.index++;
    } else if (token.startsWith('"') && top?.keys && top.key === undefined) {
      const key = JSON.parse(token) as string;
      top.key = key;
      if (top.keys.has(key)) return pathIn(top);
      top.keys.add(key);
    }
  }
  return undefined;
}

function pathIn(frame: Frame): string {
  const step = frame.keys ? (frame.key ?? '') : String(frame.index);
  return frame.path === '' ? step : `${frame.path}.${step}`;
}
