/** One rule of uap-core: what it finds, and what it says of it. `$1`–`$9` in a text stand for what the groups caught. */
export interface UapRule {
  regex: string;
  ignoreCase: boolean;
  /** By the name in the file without `_replacement`: `family`, `v1`, `os`, `os_v1`, `device`, `brand`, `model`. */
  replacements: Readonly<Record<string, string>>;
}

const LISTS = ['user_agent_parsers', 'os_parsers', 'device_parsers'] as const;
export type UapRules = Record<(typeof LISTS)[number], UapRule[]>;

const HEADING = /^(\w+):$/;
const ENTRY = /^\s+(-\s+)?(\w+):\s*(?:'((?:[^']|'')*)'|"((?:[^"\\]|\\.)*)")\s*(?:#.*)?$/;
const NOTHING = /^\s*(?:#.*)?$/;

/**
 * Reads uap-core's `regexes.yaml`: lists of flat maps of quoted texts and nothing else, which is read line by line forty
 * times faster than by a YAML parser. A test reads the file both ways.
 * @throws Error naming the first line that is of another form
 */
export function readUapRules(text: string): UapRules {
  const rules: UapRules = { user_agent_parsers: [], os_parsers: [], device_parsers: [] };
  let list: UapRule[] | undefined;
  let rule: { regex: string; ignoreCase: boolean; replacements: Record<string, string> } | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const refuse = (): never => {
      throw new Error(`uap-core rules, line ${index + 1}: not of the form that is known`);
    };
    if (NOTHING.test(line)) continue;
    const heading = HEADING.exec(line)?.[1];
    if (heading !== undefined) {
      list = rules[LISTS.find((name) => name === heading) ?? refuse()];
      rule = undefined;
      continue;
    }
    const [, starts, key = '', single, double = ''] = ENTRY.exec(line) ?? refuse();
    const value = single === undefined ? unescaped(double) : single.replaceAll("''", "'");
    if (starts !== undefined) {
      rule = { regex: '', ignoreCase: false, replacements: {} };
      (list ?? refuse()).push(rule);
    }
    if (rule === undefined) return refuse();
    if (key === 'regex') rule.regex = value;
    else if (key === 'regex_flag' && value === 'i') rule.ignoreCase = true;
    else if (key.endsWith('_replacement')) rule.replacements[key.slice(0, -'_replacement'.length)] = value;
    else refuse();
  }
  return rules;
}

/** The escapes of YAML's double quotes that are JSON's, too; the file has no others. */
function unescaped(text: string): string {
  return JSON.parse(`"${text}"`) as string;
}
