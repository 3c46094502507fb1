import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { freePort } from '@libs/embedded';
import { eventually } from './eventually';

/** cognito-local, an emulator by others: it shows that our requests have the shapes Cognito's clients send. */
export interface CognitoLocal {
  endpoint: string;
  userPoolId: string;
  clientId: string;
  /** Whatever it sends by mail or SMS. */
  code: string;
  stop(): Promise<void>;
}

/** In a process and a directory of its own: it reads its environment when it loads. */
export async function startCognitoLocal(): Promise<CognitoLocal> {
  const directory = mkdtempSync(join(tmpdir(), 'cognito-local-'));
  const port = await freePort();
  const code = '424242';
  const program = join(dirname(require.resolve('cognito-local/package.json')), 'lib/bin/start.js');
  const child = spawn(process.execPath, ['--no-warnings', program], {
    cwd: directory,
    env: { PATH: process.env.PATH, HOST: '127.0.0.1', PORT: String(port), CODE: code },
    stdio: 'ignore',
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const endpoint = `http://127.0.0.1:${port}`;
  const stop = async () => {
    child.kill('SIGKILL');
    await ended;
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await eventually(async () => expectOk(await fetch(`${endpoint}/health`)));
    const { UserPool: pool } = await call(endpoint, 'CreateUserPool', {
      PoolName: 'tests',
      MfaConfiguration: 'OPTIONAL',
      UsernameAttributes: ['email'],
      AutoVerifiedAttributes: ['email'],
    });
    const { UserPoolClient: client } = await call(endpoint, 'CreateUserPoolClient', {
      ClientName: 'tests',
      UserPoolId: pool?.Id,
    });
    return { endpoint, userPoolId: pool?.Id ?? '', clientId: client?.ClientId ?? '', code, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Made = Record<string, { Id?: string; ClientId?: string } | undefined>;

async function call(endpoint: string, operation: string, body: object): Promise<Made> {
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
    },
    body: JSON.stringify(body),
  });
  expectOk(answer);
  return (await answer.json()) as Made;
}

function expectOk(answer: Response): void {
  if (!answer.ok) throw new Error(`cognito-local answers ${answer.status}`);
}
