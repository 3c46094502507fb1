import { DEFAULT_TIME_ZONE, Fact, Money, newId, TenantId } from '@libs/kernel';
import { displayName } from './display-name';
import { chooseSubdomain } from './subdomain';

export type TenantStatus = 'active' | 'suspended';

/** Resolução BCB 142/2021: what an institution grants at night unless the customer asks for something else. */
const DEFAULT_NIGHT_LIMIT = Money.parse('1000.00');

export interface TenantState {
  id: TenantId;
  name: string;
  subdomain: string;
  timeZone: string;
  status: TenantStatus;
  /** Origins its browsers may call from. */
  origins: readonly string[];
  /** Custom domains whose ownership was proven. */
  domains: readonly string[];
  /** The application that events sent by token belong to. */
  defaultAppId: string;
  /** What PIX may pay out between 20h and 6h. */
  nightLimit: Money;
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
