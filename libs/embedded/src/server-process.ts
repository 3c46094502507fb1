import { ChildProcess, spawn, SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedServiceError } from './embedded-service-error';

const OUTPUT_KEPT = 4_000;

/** A server of somebody else's that runs as a child of ours. */
export class ServerProcess {
  private output = '';

  private constructor(
    private readonly service: string,
    private readonly child: ChildProcess,
  ) {
    for (const stream of [child.stdout, child.stderr])
      stream?.on(
        'data',
        (chunk: Buffer) => (this.output = (this.output + chunk.toString()).slice(-OUTPUT_KEPT)),
      );
  }

  /** Starts it and waits until it takes connections on `port`. @throws EmbeddedServiceError with its last output */
  static async start(
    service: string,
    command: readonly [string, ...string[]],
    port: number,
    options: SpawnOptions = {},
  ): Promise<ServerProcess> {
    const [program, ...args] = command;
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const server = new ServerProcess(service, child);
    await server.reachable(port);
    return server;
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** SIGTERM, and SIGKILL for one that does not go within `patienceMs`. */
  async stop(patienceMs = 8_000): Promise<void> {
    if (this.ended) return;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), patienceMs);
    await gone;
    clearTimeout(timer);
  }

  /** As a power cut would. */
  async kill(): Promise<void> {
    if (this.ended) return;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await gone;
  }

  private get ended(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  private async reachable(port: number): Promise<void> {
    const deadline = Date.now() + 120_000;
    while (Date.now() < deadline && !this.ended) {
      if (await answers(port)) return;
      await sleep(50);
    }
    await this.kill();
    throw new EmbeddedServiceError(this.service, 'did not start', `Its last words:\n${this.output}`);
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
