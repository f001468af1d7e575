/** What of this machine others would notice if it were changed: for saying that nothing was. */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Each fact by its name: `sysctl net/ipv4/ip_forward` → `0`. */
export type MachineState = ReadonlyMap<string, string>;

export async function readMachine(): Promise<MachineState> {
  const read = (file: string) => readFile(file, 'latin1').catch(() => '');
  const links = (await read('/proc/net/dev')).matchAll(/^ *([^ :]+):/gm);
  const mounts = (await read('/proc/self/mountinfo')).matchAll(/^\S+ \S+ \S+ \S+ (\S+) .* - (\S+)/gm);
  const modules = (await read('/proc/modules')).matchAll(/^(\S+)/gm);
  const there = (kind: string, names: Iterable<string[]>) =>
    [...names].map(([, ...name]): [string, string] => [`${kind} ${name.join(', ')}`, 'there']);
  return new Map([
    ...there('interface', links),
    ...there('mount', mounts),
    ...there('kernel module', modules),
    ...(await namesIn('/run/netns')).map((name): [string, string] => [`network namespace ${name}`, 'there']),
    ...(await sysctls('/proc/sys/net')),
  ]);
}

const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);

/** Those that count something change by themselves. */
async function sysctls(folder: string): Promise<[string, string][]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile() && !/count|flush/.test(entry.name));
  return Promise.all(
    files.map(async ({ parentPath, name }): Promise<[string, string]> => {
      const path = join(parentPath, name);
      return [`sysctl ${path.slice('/proc/sys/'.length)}`, await readFile(path, 'latin1').catch(() => '')];
    }),
  );
}

/** A line for each fact that is another one now. */
export function changesOf(before: MachineState, after: MachineState): string[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  const changed = [...names].filter((name) => before.get(name) !== after.get(name));
  return changed.map((name) => {
    const [was, is] = [before, after].map((state) => state.get(name)?.trim() ?? 'not there');
    return `${name}: ${was} → ${is}`;
  });
}
