import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { requiredLiterals } from './required-literals';
import { ParsedUserAgent, UapParser } from './uap-parser';
import { readUapRules, UapRules } from './uap-rules';

const FIXTURES = join(__dirname, '../../../test/fixtures/uap-core');
const text = readFileSync(join(__dirname, '../../../assets/uap-core/regexes.yaml'), 'utf8');

type Case = Record<string, string | null> & { user_agent_string: string };

function fixtures(file: string): Case[] {
  return (parse(readFileSync(join(FIXTURES, file), 'utf8')) as { test_cases: Case[] }).test_cases;
}

/** YAML has numbers where the file has no quotes. */
const said = (value: string | number | null | undefined): string | undefined =>
  value === null || value === undefined || value === '' ? undefined : String(value);

describe('the rules of uap-core', () => {
  const rules = readUapRules(text);
  const parser = new UapParser(rules);

  it('are read as a YAML parser reads them', () => {
    const lists = parse(text) as Record<string, Record<string, string>[]>;
    const again = Object.fromEntries(
      Object.entries(rules).map(([list, its]: [string, UapRules['os_parsers']]) => [
        list,
        its.map(({ regex, ignoreCase, replacements }) => ({
          regex,
          ...(ignoreCase ? { regex_flag: 'i' } : {}),
          ...Object.fromEntries(
            Object.entries(replacements).map(([name, value]) => [`${name}_replacement`, value]),
          ),
        })),
      ]),
    );
    expect(again).toEqual(lists);
    expect(Object.values(lists).flat().length).toBeGreaterThan(1_200);
  });

  it.each([
    ['an unknown list', 'engine_parsers:\n'],
    ['an unknown name', "os_parsers:\n  - regex: 'x'\n    flavour: 'y'\n"],
    ['an unknown flag', "os_parsers:\n  - regex: 'x'\n    regex_flag: 'm'\n"],
    ['a bare text', 'os_parsers:\n  - regex: x\n'],
    ['a rule outside a list', "  - regex: 'x'\n"],
  ])('with %s are refused, and the line is named', (_, wrong) => {
    expect(() => readUapRules(wrong)).toThrow(/line \d/);
  });

  it.each<[string, keyof ParsedUserAgent, Record<string, string>, number]>([
    [
      'test_ua.yaml',
      'userAgent',
      { family: 'family', major: 'major', minor: 'minor', patch: 'patch' },
      1_600,
    ],
    [
      'test_os.yaml',
      'os',
      { family: 'family', major: 'major', minor: 'minor', patch: 'patch', patch_minor: 'patchMinor' },
      480,
    ],
    ['test_device.every-fifth.yaml', 'device', { family: 'family', brand: 'brand', model: 'model' }, 3_200],
  ])('name every case of %s as it says', (file, part, names, least) => {
    const cases = fixtures(file);
    expect(cases.length).toBeGreaterThan(least);
    const wrong = cases.filter((one) => {
      const found = parser.parse(one.user_agent_string)[part] as unknown as Record<string, string>;
      return Object.entries(names).some(([theirs, ours]) => said(one[theirs]) !== found[ours]);
    });
    expect(wrong).toEqual([]);
  });

  it('say the same when no word is looked for and every rule is tried', () => {
    const tried = ['test_ua.yaml', 'test_os.yaml', 'test_device.every-fifth.yaml']
      .flatMap(fixtures)
      .filter((_, index) => index % 12 === 0)
      .map(({ user_agent_string: userAgent }) => userAgent);
    const first = (list: keyof UapRules, userAgent: string): number =>
      rules[list].findIndex(({ regex, ignoreCase }) =>
        new RegExp(regex, ignoreCase ? 'i' : '').test(userAgent),
      );
    const asked = new Map(
      Object.values(rules).flatMap((list: UapRules['os_parsers']) =>
        list.map(({ regex }) => [regex, requiredLiterals(regex)] as const),
      ),
    );
    for (const userAgent of tried) {
      const lower = userAgent.toLowerCase();
      for (const list of ['user_agent_parsers', 'os_parsers', 'device_parsers'] as const) {
        const rule = rules[list][first(list, userAgent)];
        if (rule === undefined) continue;
        expect(asked.get(rule.regex)?.every((words) => words.some((word) => lower.includes(word)))).toBe(
          true,
        );
      }
    }
  });

  it('ask for a word in all but one', () => {
    const all = Object.values(rules).flat<UapRules['os_parsers'][]>();
    expect(all.filter(({ regex }) => requiredLiterals(regex).length === 0).length).toBeLessThanOrEqual(1);
  });

  it('cost little even for texts made to cost much', () => {
    const all = Object.values(rules).flat<UapRules['os_parsers'][]>();
    const words = all.flatMap(({ regex }) => requiredLiterals(regex).map(([word = '']) => word));
    const pumps = ['a', ' ', '; ', '1.', '/', '-', 'A1', ' Build', 'Mozilla/5.0 (', '0.0 ', 'bot/', '\t'];
    let longest = 0;
    for (const [index, word] of words.entries()) {
      const pump = pumps[index % pumps.length] ?? '';
      const hostile =
        `; ${word} ${words[(index * 7) % words.length]}${pump.repeat(512)}`.slice(0, 500) + word;
      const cost = (): number => {
        const started = performance.now();
        parser.parse(hostile.slice(0, 512));
        return performance.now() - started;
      };
      const once = cost();
      // A pause of the machine's is not the text's: twice the same is.
      longest = Math.max(longest, once < 5 ? once : Math.min(once, cost(), cost()));
    }
    expect(longest).toBeLessThan(20);
  });
});

describe('the words that an expression asks for', () => {
  it.each<[string, string[][]]>([
    ['Firefox/(\\d+)', [['firefox/']]],
    ['(Namoroka|Shiretoko)/(\\d+)', [['namoroka/', 'shiretoko/']]],
    ['Win(95|98)', [['win95', 'win98']]],
    ['Fire(?:fox|) OS', [['firefox os', 'fire os']]],
    ['colou?r', [['colour', 'color']]],
    ['a.*bcd', [['bcd']]],
    ['(?:abc)+def', [['abc'], ['def']]],
    ['(?:abc)*def', [['def']]],
    ['(?:abc){2,3}', [['abc']]],
    ['(?:abc){0,3}', []],
    ['foo(?!bar)', [['foo']]],
    ['(?=.*bar)foo', [['foo']]],
    ['[Ss]pider', [['spider']]],
    ['[a-z]pider', [['pider']]],
    ['\\bFoo\\.Bar\\b', [['foo.bar']]],
    ['foo|', []],
    ['foo|.', []],
    ['São', []],
  ])('%s', (source, words) => {
    expect(requiredLiterals(source)).toEqual(words);
  });
});
