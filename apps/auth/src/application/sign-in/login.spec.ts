import { AdvanceSignIn } from './advance-sign-in';
import { IdentityProvider } from './identity-provider';
import { Login } from './login';

describe('Login', () => {
  it('takes the step that the provider says, towards a session in the tenant that was named', async () => {
    const step = { state: 'challenged', challenge: 'SMS_MFA', continuation: 'c' } as const;
    const signIn = jest.fn().mockResolvedValue(step);
    const execute = jest.fn().mockResolvedValue({ challengeId: 'opaque' });
    const login = new Login(
      { signIn } as unknown as IdentityProvider,
      { execute } as unknown as AdvanceSignIn,
    );
    const origin = { ip: '203.0.113.7' };
    await login.execute({ email: 'dona@estrela.example', password: 'p', tenant: 'estrela', origin });
    expect(signIn).toHaveBeenCalledWith({ email: 'dona@estrela.example', password: 'p' });
    expect(execute).toHaveBeenCalledWith({
      step,
      answerer: 'provider',
      purpose: { kind: 'sign_in', subdomain: 'estrela' },
      origin,
    });
  });
});
