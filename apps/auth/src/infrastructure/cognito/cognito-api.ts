import { createHmac } from 'node:crypto';
import {
  AssociateSoftwareTokenCommand,
  AuthenticationResultType,
  ChallengeNameType,
  ChangePasswordCommand,
  CognitoIdentityProviderClient,
  ConfirmForgotPasswordCommand,
  ConfirmSignUpCommand,
  ForgotPasswordCommand,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
  GlobalSignOutCommand,
  InitiateAuthCommand,
  ResendConfirmationCodeCommand,
  RespondToAuthChallengeCommand,
  SetUserMFAPreferenceCommand,
  SignUpCommand,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { CognitoSettings } from '@libs/aws';

/** What InitiateAuth and RespondToAuthChallenge answer. */
export interface AuthAnswer {
  AuthenticationResult?: AuthenticationResultType;
  ChallengeName?: string;
  ChallengeParameters?: Record<string, string>;
  Session?: string;
}

/** Cognito's calls, each with the app client and its SECRET_HASH filled in. Every method throws what the SDK throws. */
export class CognitoApi {
  constructor(
    private readonly client: CognitoIdentityProviderClient,
    private readonly settings: Pick<CognitoSettings, 'clientId' | 'clientSecret'>,
  ) {}

  signUp(person: { username: string; password: string; name: string }) {
    const { username, password, name } = person;
    const UserAttributes = [
      { Name: 'email', Value: username },
      { Name: 'name', Value: name },
    ];
    return this.client.send(
      new SignUpCommand({ ...this.named(username), Password: password, UserAttributes }),
    );
  }

  confirmSignUp(username: string, code: string) {
    return this.client.send(new ConfirmSignUpCommand({ ...this.named(username), ConfirmationCode: code }));
  }

  resendConfirmation(username: string) {
    return this.client.send(new ResendConfirmationCodeCommand(this.named(username)));
  }

  signIn(username: string, password: string): Promise<AuthAnswer> {
    return this.client.send(
      new InitiateAuthCommand({
        ClientId: this.settings.clientId,
        AuthFlow: 'USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: username, PASSWORD: password, ...this.hash(username) },
      }),
    );
  }

  /** Every response names the person: without USERNAME Cognito refuses it, whatever the Session says. */
  respond(input: {
    challenge: ChallengeNameType;
    session: string;
    username: string;
    responses: Record<string, string>;
  }): Promise<AuthAnswer> {
    const { challenge, session, username, responses } = input;
    return this.client.send(
      new RespondToAuthChallengeCommand({
        ClientId: this.settings.clientId,
        ChallengeName: challenge,
        Session: session,
        ChallengeResponses: { USERNAME: username, ...responses, ...this.hash(username) },
      }),
    );
  }

  /** Serves with rotation of refresh tokens on and off; REFRESH_TOKEN_AUTH only with it off. */
  refresh(refreshToken: string): Promise<AuthAnswer> {
    const { clientId: ClientId, clientSecret: ClientSecret } = this.settings;
    return this.client.send(
      new GetTokensFromRefreshTokenCommand({ RefreshToken: refreshToken, ClientId, ClientSecret }),
    );
  }

  forgotPassword(username: string) {
    return this.client.send(new ForgotPasswordCommand(this.named(username)));
  }

  confirmForgotPassword(username: string, code: string, password: string) {
    return this.client.send(
      new ConfirmForgotPasswordCommand({
        ...this.named(username),
        ConfirmationCode: code,
        Password: password,
      }),
    );
  }

  changePassword(accessToken: string, current: string, next: string) {
    return this.client.send(
      new ChangePasswordCommand({
        AccessToken: accessToken,
        PreviousPassword: current,
        ProposedPassword: next,
      }),
    );
  }

  user(accessToken: string) {
    return this.client.send(new GetUserCommand({ AccessToken: accessToken }));
  }

  associateAuthenticator(by: { AccessToken: string } | { Session: string }) {
    return this.client.send(new AssociateSoftwareTokenCommand(by));
  }

  verifyAuthenticator(by: { AccessToken: string } | { Session: string }, code: string) {
    return this.client.send(new VerifySoftwareTokenCommand({ ...by, UserCode: code }));
  }

  preferAuthenticator(accessToken: string, enabled: boolean) {
    return this.client.send(
      new SetUserMFAPreferenceCommand({
        AccessToken: accessToken,
        SoftwareTokenMfaSettings: { Enabled: enabled, PreferredMfa: enabled },
      }),
    );
  }

  signOutEverywhere(accessToken: string) {
    return this.client.send(new GlobalSignOutCommand({ AccessToken: accessToken }));
  }

  destroy(): void {
    this.client.destroy();
  }

  private named(username: string) {
    const { SECRET_HASH } = this.hash(username);
    return { ClientId: this.settings.clientId, Username: username, SecretHash: SECRET_HASH };
  }

  private hash(username: string): Record<string, string> {
    const { clientId, clientSecret } = this.settings;
    if (!clientSecret) return {};
    const hmac = createHmac('sha256', clientSecret).update(username + clientId);
    return { SECRET_HASH: hmac.digest('base64') };
  }
}
