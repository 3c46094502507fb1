import { defineConfig } from '@libs/config';
import { cognitoIssuer, cognitoSettings } from './cognito';

const parse = (environment: Record<string, string>) =>
  defineConfig({ cognito: cognitoSettings() }).parse(environment).cognito;
const POOL = { COGNITO_USER_POOL_ID: 'sa-east-1_AbC123', COGNITO_CLIENT_ID: 'client' };

describe('the settings of a user pool', () => {
  it('are nothing where none is given', () => {
    expect(parse({})).toBeUndefined();
  });

  it('name the issuer of its tokens', () => {
    const settings = parse(POOL);
    expect(settings && cognitoIssuer(settings)).toBe(
      'https://cognito-idp.sa-east-1.amazonaws.com/sa-east-1_AbC123',
    );
  });

  it('name an emulator as the issuer, whatever region its pools say', () => {
    const settings = parse({
      COGNITO_USER_POOL_ID: 'local_1',
      COGNITO_CLIENT_ID: 'client',
      COGNITO_ENDPOINT: 'http://localhost:9229/',
    });
    expect(settings && cognitoIssuer(settings)).toBe('http://localhost:9229/local_1');
  });

  it.each([
    ['a pool without its client', { COGNITO_USER_POOL_ID: 'sa-east-1_AbC123' }],
    ['a client without its pool', { COGNITO_CLIENT_ID: 'client' }],
    ['a pool of another region', { ...POOL, AWS_REGION: 'us-east-1' }],
    ['an address that is no pool', { ...POOL, COGNITO_USER_POOL_ID: 'https://evil.example/x' }],
  ])('are refused at the start: %s', (_name, environment) => {
    expect(() => parse(environment)).toThrow(/COGNITO_/);
  });
});
