/** The machine as far as labs and tests touch it: they may change it for a moment, and must leave it as they found it. */
import { execa } from 'execa';
import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { borrowTracefs } from './tracefs-here.ts';
import { nfLogFile, nfLogFolder, nfLogLock } from '../record/nf-log.ts';

export interface Machine {
  /** What there is of a kind, each as a line of text. */
  readonly kinds: Readonly<Record<string, readonly string[]>>;
  /** Somebody else's lab records, on this machine or in a container: what it makes is not the tests'. */
  readonly labBeside: boolean;
}

export async function lookAtMachine(): Promise<Machine> {
  const labBefore = existsSync(nfLogLock);
  const [mounts, links, sysctls, tracer, files] = await Promise.all([
    readMounts(),
    run('ip', ['-br', 'address']),
    readSysctls(),
    readTracer(),
    readFolders(),
  ]);
  const kinds = { mounts, links, sysctls, tracer, ...files };
  return { kinds, labBeside: labBefore || existsSync(nfLogLock) };
}

/**
 * `mounts: + tracefs on /mnt`; nothing where all is as it was. What labs and tests make, others may take away meanwhile: every
 * lab removes what dead ones have left.
 */
export function differences(before: Machine, after: Machine): string[] {
  const found = Object.entries(after.kinds).flatMap(([kind, now]) => {
    const then = before.kinds[kind] ?? [];
    const more = now.filter((one) => !then.includes(one)).map((one) => `${kind}: + ${one}`);
    const fewer = then.filter((one) => !now.includes(one)).map((one) => `${kind}: - ${one}`);
    return kind === 'mounts' || kind === 'links' ? [...more, ...fewer] : more;
  });
  const excused = before.labBeside || after.labBeside;
  return found.filter((one) => !excused || !ofLabs.test(one));
}

const ofLabs = /nf_log_all_netns|echolab/;

async function readMounts(): Promise<string[]> {
  const text = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '');
  // 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue: proc_pid_mountinfo(5)
  return text.split('\n').flatMap((line) => {
    const [place, what] = line.split(' - ');
    const [type, source] = what?.split(' ') ?? [];
    return what === undefined ? [] : [`${type} ${source} on ${place?.split(' ')[4]}`];
  });
}

/** Those that a lesson sets on a host, and the switch for LOG. */
async function readSysctls(): Promise<string[]> {
  const folder = '/proc/sys/net/ipv4';
  const files = [...(await names(folder)).map((name) => `${folder}/${name}`), nfLogFile];
  const values = await Promise.all(
    files.map(async (file) => {
      const value = await readFile(file, 'latin1').catch(() => undefined); // a folder, or not for us
      return value === undefined ? [] : [`${file.slice('/proc/sys/'.length)} = ${value.trim()}`];
    }),
  );
  return values.flat();
}

async function readTracer(): Promise<string[]> {
  const found = await borrowTracefs();
  if ('mend' in found) return [];
  await using borrowed = found;
  const settings = ['current_tracer', 'tracing_on'].map(async (file) => {
    const value = await readFile(`${borrowed.folder}/${file}`, 'latin1').catch(() => '');
    return `${file} = ${value.trim()}`;
  });
  return [...(await names(`${borrowed.folder}/instances`)), ...(await Promise.all(settings))];
}

/** As it is called when this is loaded: each test file gets one of its own (unchanged.ts). */
const temporaryFolder = tmpdir();

/** Where programs that are not careful leave things. The folder for temporary files is not ours alone. */
async function readFolders(): Promise<Machine['kinds']> {
  const temporary = (await names(temporaryFolder)).filter(
    (name) => /echolab|strace|node-compile-cache/.test(name) && !name.startsWith(testFolderPrefix),
  );
  const folders = ['/', '/run', '/run/netns', nfLogFolder, '/mnt', '/nonexistent'];
  const lists = await Promise.all(folders.map(async (folder) => [folder, await names(folder)] as const));
  return { [temporaryFolder]: temporary, ...Object.fromEntries(lists) };
}

/** In place of the folder for temporary files, each test file has one of its own. */
export const testFolderPrefix = 'echolab-tests-';

const names = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);

async function run(file: string, args: string[]): Promise<string[]> {
  const { stdout } = await execa(file, args, { reject: false });
  return stdout.split('\n').map((line) => line.replaceAll(/\s+/g, ' ').trim());
}
