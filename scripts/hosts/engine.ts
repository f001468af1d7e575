/**
 * The Docker engine: calls of its command line client, and what is known of the engine before anything runs in it.
 *
 * The client finds the engine as it does for the user: DOCKER_HOST, DOCKER_CONTEXT, its own configuration.
 */
import { execa } from 'execa';
import { z } from 'zod';
import type { Obstacle } from './host.ts';

export interface Answer {
  readonly failed: boolean;
  readonly stdout: string;
  /** The last line of what the client complained about: it begins with what failed. */
  readonly complaint: string;
}

/** One call of the client, to its end; a failure is a value. */
export async function docker(
  args: readonly string[],
  options: { input?: string; timeoutMs?: number } = {},
): Promise<Answer> {
  const { input, timeoutMs = 0 } = options;
  const given = input === undefined ? ({ stdin: 'ignore' } as const) : { input };
  const { failed, stdout, stderr, code, timedOut } = await execa('docker', args, {
    ...given,
    reject: false,
    timeout: timeoutMs,
  });
  const said = lastLine(stderr);
  return {
    failed,
    stdout,
    complaint: timedOut
      ? `no answer within ${timeoutMs / 1000} s`
      : said === ''
        ? (code ?? 'the client said nothing')
        : said,
  };
}

/** `docker run` says a second line, "See 'docker run --help'", that helps nobody. */
export const lastLine = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('See ') && !line.startsWith('Run '))
    .at(-1)
    ?.replace(/^(docker: )?(Error response from daemon: )?/, '') ?? '';

const Version = z.object({
  Server: z
    .object({ Version: z.string(), Os: z.string(), Arch: z.string(), KernelVersion: z.string().optional() })
    .nullish(),
});

export interface Engine {
  readonly version: string;
  /** As Docker names it: `amd64`, `arm64`. */
  readonly arch: string;
  readonly kernel: string;
}

/** An engine that does not answer at once is as good as none: the lab must start. */
const answerLimitMs = 10_000;

/** Asks for the engine in some 30 ms; what stands in the way is a value. */
export async function findEngine(): Promise<Engine | Obstacle> {
  // Without an engine the client fails, but prints its own half.
  const { failed, stdout, complaint } = await docker(['version', '--format', '{{json .}}'], {
    timeoutMs: answerLimitMs,
  });
  if (failed) return notAnswering(complaint);
  const { Server: server } = Version.parse(JSON.parse(stdout));
  if (server === null || server === undefined) return notAnswering(complaint);
  if (server.Os !== 'linux') {
    return {
      what: `the Docker engine runs ${server.Os} containers`,
      why: 'strace, netfilter and network namespaces are parts of Linux',
      mend: 'switch Docker to Linux containers',
    };
  }
  return { version: server.Version, arch: server.Arch, kernel: server.KernelVersion ?? 'unknown' };
}

const notAnswering = (why: string): Obstacle => ({
  what: 'no Docker engine answers',
  why: why === 'ENOENT' ? 'there is no docker command' : why,
  mend: 'start Docker, or set DOCKER_HOST; as an ordinary user be in the group docker; or LAB_BACKEND=namespaces',
});

export const isObstacle = (value: object): value is Obstacle => 'mend' in value;
