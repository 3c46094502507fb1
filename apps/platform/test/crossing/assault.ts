import { Reply, Request, send } from './route';

/** What an attack did wrong for the house, in words; undefined where it was refused as it should be. */
export type Verdict = (reply: Reply) => string | undefined;

/** Sends attacks and notes every one that got something it should not. */
export class Assault {
  readonly breaches: string[] = [];
  sent = 0;

  /** @param secrets texts of the victim's that no answer may hold, except where the request brought them */
  constructor(private readonly secrets: readonly string[]) {}

  async send(title: string, request: Request, verdict: Verdict = () => undefined): Promise<Reply> {
    const reply = await send(request);
    this.sent++;
    const wrong = this.leak(request, reply) ?? verdict(reply);
    const answered = `${reply.status} ${reply.code ?? ''}`;
    if (reply.status >= 500) this.breaches.push(`${title}: ${answered} ${reply.text.slice(0, 200)}`);
    else if (wrong) this.breaches.push(`${title}: ${request.method} ${request.url} → ${answered}: ${wrong}`);
    return reply;
  }

  private leak(request: Request, reply: Reply): string | undefined {
    const answer = reply.text + JSON.stringify(reply.headers);
    const asked =
      decodeURIComponent(request.url.replace(/%(?![0-9a-f]{2})/gi, '%25')) +
      JSON.stringify([request.headers, request.body]);
    const found = this.secrets.find((secret) => answer.includes(secret) && !asked.includes(secret));
    return found && `shows ${found}`;
  }
}

export const must =
  (status: number, code: string): Verdict =>
  (reply) =>
    reply.status === status && reply.code === code ? undefined : `must be ${status} ${code}`;

/** As for an id that nobody has: same status, same words. */
export function likeControl(control: Reply, unknown: string, id: string): Verdict {
  const expected = `${control.status} ${wordsOf(control, unknown)}`;
  return (reply) =>
    `${reply.status} ${wordsOf(reply, id)}` === expected ? undefined : `differs from ${expected}`;
}

function wordsOf({ text, at }: Reply, id: string): string {
  return text
    .replaceAll(id, '<id>')
    .replace(/"requestId":"[^"]*"/, '')
    .replace(/"asOf":"([^"]*)"/, (whole, asOf: string) => (isThen(asOf, at) ? '' : whole))
    .replace(/"to":"([^"]*)"/, (whole, to: string) => (isQuartersEnd(to, at) ? '' : whole));
}

/** What is told up to now ends with the quarter of an hour that it was asked in. */
function isQuartersEnd(time: string, at: number): boolean {
  return [at, at - 2_000].some((then) => Date.parse(time) === Math.ceil(then / 900_000) * 900_000);
}

/** What knows nothing is as of the time it was asked; that of another's last event would be one of the past. */
function isThen(time: string, at: number): boolean {
  return Math.abs(at - Date.parse(time)) < 2_000;
}

export const refused: Verdict = ({ status }) => (status >= 400 ? undefined : 'must be refused');
