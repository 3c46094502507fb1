import { newId, TenantId } from '@libs/kernel';
import { displayName } from './display-name';

/** More are no applications but a mistake, or an attempt to fill the database. */
export const MOST_APPS = 100;

interface AppState {
  id: string;
  tenantId: TenantId;
  name: string;
  createdAt: Date;
}

/** An application of a tenant: what API keys belong to, and what analytics tells apart. */
export class App {
  private constructor(private readonly state: Readonly<AppState>) {}

  /** @throws BlankName */
  static create(input: { tenantId: TenantId; name: string; now: Date }): App {
    const { tenantId, now } = input;
    return new App({ id: newId(), tenantId, name: displayName(input.name, 'name'), createdAt: now });
  }

  /** The one that every tenant has from its first day; its id is the tenant's `defaultAppId`. */
  static first(tenant: { id: TenantId; defaultAppId: string; createdAt: Date }): App {
    const { id, defaultAppId, createdAt } = tenant;
    return new App({ id: defaultAppId, tenantId: id, name: 'Principal', createdAt });
  }

  static restore(state: AppState): App {
    return new App(state);
  }

  get id(): string {
    return this.state.id;
  }

  snapshot(): Readonly<AppState> {
    return this.state;
  }

  /** @throws BlankName */
  renamed(name: string): App {
    return new App({ ...this.state, name: displayName(name, 'name') });
  }
}
