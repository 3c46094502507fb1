import { ConfigError } from '@libs/config';
import { AuthConfig } from './auth.config';
import { identityWiring } from './identity.wiring';

describe('who proves people', () => {
  it('cannot be Cognito without a user pool: the boot stops and says so', () => {
    const config = { identity: { provider: 'cognito' }, signing: { secret: 's' } } as unknown as AuthConfig;
    expect(() => identityWiring(config)).toThrow(ConfigError);
  });
});
