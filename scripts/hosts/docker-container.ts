/**
 * One long-lived container. Its process 1 is a bash that reads commands from the lab's pipe: so it is a control
 * shell (a command takes a millisecond), and when the lab or the docker client dies, the pipe ends, bash
 * exits, and the container is gone.
 */
import { labelsOf } from './docker-labels.ts';
import { docker, lastLine } from './engine.ts';
import { CannotRun } from './host.ts';
import { openShell, type Shell } from './shell.ts';

/** What a container may do; docker/README.md has the table, and a test compares it with `docker inspect`. */
export interface Role {
  readonly user: string;
  readonly capabilities: readonly string[];
  readonly network: string;
  /** The container whose processes it sees, in place of its own. */
  readonly pid?: string;
  /** True: its root is not read-only. */
  readonly writes?: boolean;
  /** Further words of the command line: mounts and devices. */
  readonly more: readonly string[];
}

/** nobody, as in the namespaces backend. */
export const programUser = '65534:65534';

/** What every container of the lab has, and nothing of which is ever given back. */
const confined = [
  ...['--rm', '--interactive', '--pull', 'never', '--log-driver', 'none'],
  ...['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
];

/** The words after `docker` that start a container in a role. */
export function runArgs(name: string, role: Role, image: string, tag: string): string[] {
  return [
    ...['run', '--name', name, ...confined],
    ...Object.entries(labelsOf(tag)).flatMap(([key, value]) => ['--label', `${key}=${value}`]),
    ...['--user', role.user, '--network', role.network],
    ...(role.writes === true ? [] : ['--read-only']),
    ...(role.pid === undefined ? [] : ['--pid', role.pid]),
    ...role.capabilities.flatMap((capability) => ['--cap-add', capability]),
    ...role.more,
    image,
  ];
}

export interface Container extends AsyncDisposable {
  readonly name: string;
  readonly shell: Shell;
}

/** @throws CannotRun with the engine's words */
export async function startContainer(
  name: string,
  role: Role,
  image: string,
  tag: string,
): Promise<Container> {
  const shell = openShell(['docker', ...runArgs(name, role, image, tag), 'bash', '--noprofile', '--norc']);
  try {
    await shell.run(':');
  } catch (error) {
    // A client that was killed may have made it without starting it.
    await docker(['rm', '--force', name]);
    throw new CannotRun(
      {
        what: `the container ${name} cannot start`,
        why: lastLine(error instanceof CannotRun ? error.obstacle.why : String(error)),
        mend: 'make doctor says what this engine lacks; or LAB_BACKEND=namespaces',
      },
      { cause: error },
    );
  }
  return { name, shell, [Symbol.asyncDispose]: () => shell.close() };
}
