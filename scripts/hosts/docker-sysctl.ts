/**
 * Sysctls of a host's network. /proc/sys is read-only in every container and stays so: the engine itself sets them, as it
 * starts a container in that network (`docker run --sysctl`), and that container ends at once.
 */
import { programUser, runArgs, type Container } from './docker-container.ts';
import { docker } from './engine.ts';

/** Gives what it was. */
export async function setSysctl(
  host: Container,
  { name, value }: { name: string; value: string },
  image: string,
  tag: string,
): Promise<string> {
  const before = (await host.shell.run(`cat /proc/sys/${name.replaceAll('.', '/')}`)).trim();
  if (before === value) return before;
  const role = {
    ...{ user: programUser, capabilities: [], network: `container:${host.name}` },
    more: ['--sysctl', `${name}=${value}`],
  };
  const { failed, complaint } = await docker([...runArgs(`${host.name}-sysctl`, role, image, tag), 'true']);
  if (failed) throw new Error(`the engine does not set ${name} of a container: ${complaint}`);
  return before;
}
