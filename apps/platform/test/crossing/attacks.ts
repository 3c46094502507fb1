import { newId } from '@libs/kernel';
import { Assault, likeControl } from './assault';
import { bodyFor } from './bodies';
import { HouseOfTwo } from './house-of-two';
import { fill, Method, METHODS, Request, Route, send } from './route';

/** The attacker's request to a route, as well made as it can be, with `id` for every parameter. */
export function attackOn(
  { attacker }: HouseOfTwo,
  route: Route,
  id: string,
  headers: Record<string, string> = {},
): Request {
  return {
    ...route,
    url: fill(route.path, id),
    headers: { authorization: `Bearer ${attacker.token}`, ...headers },
    body: bodyFor(route.method, route.path),
  };
}

const OF_PERSONS = /^\/api\/v1\/(?:events|analytics)\/users\//;

/**
 * Names a person of the caller's own in the caller's own words, which then stand in its own audit log: no id of another
 * tenant's can be meant. apps/events/test/people.e2e.spec.ts shows that they reach nobody else's person.
 */
export function takesOwnWords(method: Method, path: string): boolean {
  return OF_PERSONS.test(path) && (method === 'DELETE' || path.endsWith('/export'));
}

/** Every id of the victim's as every parameter under every verb; each must answer as an id that nobody has. */
export async function sendForeignIds(
  two: HouseOfTwo,
  assault: Assault,
  ids: readonly string[],
): Promise<void> {
  const patterns = new Map(two.routes.map((route) => [route.path, route]));
  for (const [path, pattern] of patterns) {
    if (!path.includes(':')) continue;
    for (const method of METHODS) {
      if (takesOwnWords(method, path)) continue;
      const unknown = newId();
      const control = await send(attackOn(two, { ...pattern, method }, unknown));
      for (const id of ids) {
        const request = attackOn(two, { ...pattern, method }, id);
        await assault.send('foreign id', request, likeControl(control, unknown, id));
      }
    }
  }
}

/** Every list and every single thing that can be read without naming it. */
export async function readEverything(two: HouseOfTwo, assault: Assault): Promise<void> {
  for (const route of two.routes.filter(({ method, path }) => method === 'GET' && !path.includes(':')))
    await assault.send('read', attackOn(two, route, ''));
}
