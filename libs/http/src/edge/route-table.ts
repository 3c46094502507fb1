import { FastifyInstance } from 'fastify';
import { pathOf } from './canonical-url';

interface Route {
  pattern: RegExp;
  methods: Set<string>;
}

/** Knows every route, to tell a wrong method (405) from a wrong path (404). Only asked on the way to a 404. */
export class RouteTable {
  private readonly routes = new Map<string, Route>();

  constructor(fastify: FastifyInstance) {
    fastify.addHook('onRoute', ({ url, method }) => {
      let route = this.routes.get(url);
      if (!route) this.routes.set(url, (route = { pattern: patternOf(url), methods: new Set() }));
      for (const each of [method].flat()) route.methods.add(each);
    });
  }

  /** Every route, whoever registered it: `GET /api/v1/releases/:id`. */
  all(): string[] {
    const routes = [...this.routes].flatMap(([url, { methods }]) =>
      [...methods].map((each) => `${each} ${url}`),
    );
    return routes.sort();
  }

  /** The methods that `url` answers to; empty where nothing does. */
  methodsOf(url: string): string[] {
    const path = pathOf(url);
    const methods = new Set<string>();
    for (const route of this.routes.values())
      if (route.pattern.test(path)) for (const method of route.methods) methods.add(method);
    return [...methods].sort();
  }
}

// `*` alone is a catch-all of a plugin, not a resource
function patternOf(url: string): RegExp {
  const source = url
    .split('/')
    .map((part) =>
      part.startsWith(':') ? '[^/]+' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace('*', '.*'),
    )
    .join('/');
  return new RegExp(`^${source}$`);
}
