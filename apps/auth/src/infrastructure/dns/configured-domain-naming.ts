import { randomBytes } from 'node:crypto';
import { DomainNaming } from '../../application/tenants/add-domain';

export class ConfiguredDomainNaming extends DomainNaming {
  /** @param platform PUBLIC_DOMAIN */
  constructor(readonly platform: string) {
    super();
  }

  proof(): string {
    return randomBytes(20).toString('hex');
  }
}
