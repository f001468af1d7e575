/**
 * Sysctls of a host's network. /proc/sys is read-only in every container and stays so.
 *
 * For those of IPv4 a container is started in that network, when a story first sets one, which sees the network's folder of them once
 * more, at a place where it may write. All others, and these where an engine does not show the folder, the
 * engine sets itself as it starts a container that ends at once (`docker run --sysctl`): that takes a quarter of a second for each.
 */
import { programUser, runArgs, startContainer, type Container, type Role } from './docker-container.ts';
import { docker } from './engine.ts';

const shown = '/run/sysctl';

/** No capability: to uid 0 the files belong. Of the machine's own settings none is in the folder of such a network. */
const sysctlRole = (host: string): Role => ({
  ...{ user: '0:0', capabilities: [], network: `container:${host}` },
  more: ['--mount', `type=bind,source=/proc/sys/net/ipv4,target=${shown}`],
});

export interface Sysctls extends AsyncDisposable {
  /** Gives what it was. */
  set(name: string, value: string): Promise<string>;
}

export function openSysctls(host: Container, image: string, tag: string): Sysctls {
  let writer: Promise<Container | undefined> | undefined;
  const start = () =>
    startContainer(`${host.name}-sysctl`, sysctlRole(host.name), image, tag).catch(() => undefined);
  return {
    async set(name, value) {
      const path = name.replaceAll('.', '/');
      const before = (await host.shell.run(`cat /proc/sys/${path}`)).trim();
      if (before === value) return before;
      const [, file] = /^net\/ipv4\/([\w/]+)$/.exec(path) ?? [];
      const opened = file === undefined ? undefined : await (writer ??= start());
      if (opened === undefined) await letEngineSet(`${name}=${value}`, host, image, tag);
      else await opened.shell.run(`echo '${value}' >${shown}/${file}`);
      return before;
    },
    async [Symbol.asyncDispose]() {
      await (await writer)?.[Symbol.asyncDispose]();
    },
  };
}

async function letEngineSet(setting: string, host: Container, image: string, tag: string): Promise<void> {
  const role = {
    ...{ user: programUser, capabilities: [], network: `container:${host.name}` },
    more: ['--sysctl', setting],
  };
  const args = runArgs(`${host.name}-sysctl-once`, role, image, tag);
  const { failed, complaint } = await docker([...args, 'true']);
  if (failed) throw new Error(`the engine does not set ${setting} of a container: ${complaint}`);
}
