import { DEFAULT_TIME_ZONE, Fact, Money, newId, TenantId } from '@libs/kernel';
import { displayName } from './display-name';
import { chooseSubdomain } from './subdomain';
import { chooseSettings, TenantSettings } from './tenant-settings';

export type TenantStatus = 'active' | 'suspended';

/** Resolução BCB 142/2021: what an institution grants at night unless the customer asks for something else. */
const DEFAULT_NIGHT_LIMIT = Money.parse('1000.00');

export interface TenantState extends TenantSettings {
  id: TenantId;
  subdomain: string;
  status: TenantStatus;
  /** Custom domains whose ownership was proven. */
  domains: readonly string[];
  /** The application that events sent by token belong to. */
  defaultAppId: string;
  /** Grows by one with each change. */
  revision: number;
  createdAt: Date;
}

/** A company that uses the platform. */
export class Tenant {
  private constructor(private readonly state: Readonly<TenantState>) {}

  /** @throws BlankName, InvalidSubdomain, ReservedSubdomain */
  static found(input: { name: string; subdomain: string; now: Date }): Tenant {
    return new Tenant({
      id: newId<TenantId>(),
      name: displayName(input.name, 'tenant.name'),
      subdomain: chooseSubdomain(input.subdomain),
      timeZone: DEFAULT_TIME_ZONE,
      status: 'active',
      origins: [],
      domains: [],
      defaultAppId: newId(),
      nightLimit: DEFAULT_NIGHT_LIMIT,
      requireSecondFactor: false,
      revision: 1,
      createdAt: input.now,
    });
  }

  static restore(state: TenantState): Tenant {
    return new Tenant(state);
  }

  get id(): TenantId {
    return this.state.id;
  }

  snapshot(): Readonly<TenantState> {
    return this.state;
  }

  /** @returns itself when nothing differs @throws BlankName, UnknownTimeZone, InvalidOrigin, NegativeNightLimit */
  with(settings: Partial<TenantSettings>): Tenant {
    return this.next(chooseSettings(settings));
  }

  /** @param domains those that were proven */
  withDomains(domains: readonly string[]): Tenant {
    return this.next({ domains: [...domains].sort() });
  }

  /** Nobody acts for it until it is active again. */
  become(status: TenantStatus): Tenant {
    return this.next({ status });
  }

  private next(changes: Partial<TenantState>): Tenant {
    const next = { ...this.state, ...changes };
    const differs = (Object.keys(changes) as (keyof TenantState)[]).some(
      (name) => String(next[name]) !== String(this.state[name]),
    );
    return differs ? new Tenant({ ...next, revision: this.state.revision + 1 }) : this;
  }

  /** The whole of what other services must know, whichever part of it changed. */
  changed(now: Date): Fact {
    const { id, name, subdomain, timeZone, status, origins, domains, defaultAppId, revision } = this.state;
    return {
      type: 'auth.tenant-changed.v1',
      tenantId: id,
      occurredAt: now,
      payload: {
        name,
        subdomain,
        timeZone,
        status,
        origins: [...origins],
        domains: [...domains],
        defaultAppId,
        revision,
      },
    };
  }
}
