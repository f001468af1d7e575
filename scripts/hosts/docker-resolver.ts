/**
 * The files of the resolver, as the programs of a host see them.
 *
 * /etc/hosts and /etc/resolv.conf are no part of an image: the engine makes them for a host, and shows the same two
 * files to every container in that host's network. Where such a container is not read-only, uid 0 may write them. So
 * one is started when a story first asks for it; the host itself stays as it is. /etc/nsswitch.conf is a link of
 * the image into the host's scratch folder.
 */
import type { ResolverFile } from '../lessons/lesson.ts';
import { startContainer, type Container, type Role } from './docker-container.ts';
import { scratch } from './docker-files.ts';

/** No capability: the files belong to uid 0. */
const resolverRole = (host: string): Role => ({
  ...{ user: '0:0', capabilities: [], network: `container:${host}`, writes: true, more: [] },
});

export interface ResolverFiles extends AsyncDisposable {
  place(path: ResolverFile, text: string): Promise<void>;
  undo(): Promise<void>;
}

export function openResolverFiles(host: Container, image: string, tag: string): ResolverFiles {
  let writer: Promise<Container> | undefined;
  const start = async () => {
    const opened = await startContainer(`${host.name}-resolver`, resolverRole(host.name), image, tag);
    await opened.shell.run('cp /etc/hosts /etc/resolv.conf /tmp');
    return opened;
  };
  return {
    async place(path, text) {
      const write = (to: string) => `cat >${to} <<'end of file'\n${text.trimEnd()}\nend of file`;
      if (path === '/etc/nsswitch.conf') {
        await host.shell.run(write(`${scratch}/nsswitch.conf`));
        return;
      }
      writer ??= start();
      await (await writer).shell.run(write(path));
    },
    async undo() {
      await host.shell.run(`rm -f ${scratch}/nsswitch.conf`);
      // In place: every container has these very files.
      await (await writer)?.shell.run('cat /tmp/hosts >/etc/hosts; cat /tmp/resolv.conf >/etc/resolv.conf');
    },
    async [Symbol.asyncDispose]() {
      // One that could not start has told it where it was asked for.
      const opened = await writer?.catch(() => undefined);
      await opened?.[Symbol.asyncDispose]();
    },
  };
}
