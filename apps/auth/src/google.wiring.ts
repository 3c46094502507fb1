import { ModuleMetadata } from '@nestjs/common';
import { TenantDirectory } from '@libs/security';
import { AccountNotices } from './application/sign-in/account-notices';
import { BeginGoogleSignIn } from './application/google/begin-google-sign-in';
import { FoundTenant } from './application/tenants/found-tenant';
import { GoogleFlows } from './application/google/google-flows';
import { LinkGoogle } from './application/google/link-google';
import { OpenIdProvider } from './application/google/openid-provider';
import { PersonByGoogle } from './application/google/person-by-google';
import { RedeemGoogleCode } from './application/google/redeem-google-code';
import { ReturnAddresses } from './application/google/return-addresses';
import { ReturnFromGoogle } from './application/google/return-from-google';
import { SignInByGoogle } from './application/google/sign-in-by-google';
import { UnlinkGoogle } from './application/google/unlink-google';
import { AuthConfig } from './auth.config';
import { OneTimeGoogleFlows } from './infrastructure/google/one-time-google-flows';
import { OpenIdClientProvider } from './infrastructure/google/openid-client-provider';
import { RegisteredReturnAddresses } from './infrastructure/google/registered-return-addresses';
import { MailedAccountNotices } from './infrastructure/local/mailed-account-notices';
import { GoogleController, GoogleEntrance } from './interfaces/http/google.controller';

/** Auth's part for sign-in with Google; AuthModule takes it in. Not set up, its routes say so. */
export function googleWiring({
  google,
  http,
}: Pick<AuthConfig, 'google' | 'http'>): Required<Pick<ModuleMetadata, 'controllers' | 'providers'>> {
  const entrance: GoogleEntrance = { secure: google?.redirectUri.startsWith('https:') ?? true };
  return {
    controllers: [GoogleController],
    providers: [
      BeginGoogleSignIn,
      ReturnFromGoogle,
      RedeemGoogleCode,
      SignInByGoogle,
      LinkGoogle,
      UnlinkGoogle,
      { provide: AccountNotices, useClass: MailedAccountNotices },
      PersonByGoogle,
      FoundTenant,
      { provide: GoogleEntrance, useValue: entrance },
      { provide: GoogleFlows, useClass: OneTimeGoogleFlows },
      { provide: OpenIdProvider, useFactory: () => new OpenIdClientProvider(google) },
      {
        provide: ReturnAddresses,
        useFactory: (tenants: TenantDirectory) => new RegisteredReturnAddresses(http.corsOrigins, tenants),
        inject: [TenantDirectory],
      },
    ],
  };
}
