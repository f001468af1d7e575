/** What this machine's network asks of its users: name servers, proxies, certificates, a mirror, a registry. */
import { execa } from 'execa';
import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Gives a tree of a Debian this machine's way to the network. */
export async function connect(tree: string): Promise<void> {
  for (const file of ['etc/resolv.conf', 'etc/hosts']) {
    // It may be a link into /run, which is empty there.
    await rm(join(tree, file), { force: true });
    await writeFile(join(tree, file), await readFile(`/${file}`));
  }
  await writeFile(join(tree, 'etc/apt/apt.conf.d/network'), (await aptSettings()).join('\n') + '\n');
  const { lines, files } = await npmSettings();
  for (const home of ['root', 'etc/skel'])
    await writeFile(join(tree, home, '.npmrc'), lines.join('\n') + '\n');
  await trust(tree, files);
}

/** The lines that a command prints; none where there is no such command. */
async function linesOf(file: string, ...args: string[]): Promise<string[]> {
  const { failed, stdout } = await execa(file, args, { reject: false });
  return failed ? [] : stdout.split('\n');
}

/** `Acquire::http::Proxy "…";` and the like; what a program of this machine would have to answer stays away. */
const aptSettings = async () =>
  (await linesOf('apt-config', 'dump')).filter(
    (line) =>
      /^Acquire::(https?|Check-|Max-ValidTime|ForceIPv|Retries)/.test(line) &&
      !/Proxy-Auto-Detect|ProxyAutoDetect| "";$/.test(line),
  );

/** For programs other than apt: debootstrap downloads with wget. */
export async function aptProxy(): Promise<Record<string, string>> {
  const lines = (await linesOf('apt-config', 'dump')).join('\n');
  const found = /^Acquire::http::Proxy "(http.*)";$/m.exec(lines)?.[1];
  return found === undefined || process.env['http_proxy'] !== undefined ? {} : { http_proxy: found };
}

/** The mirror of Debian that this machine's apt uses, if it can tell. */
export async function aptMirror(): Promise<string | undefined> {
  const format = ['--format', '$(LABEL) $(REPO_URI)', 'Created-By: Packages'];
  const lines = await linesOf('apt-get', 'indextargets', ...format);
  return /^Debian (https?:\S+)$/m.exec(lines.join('\n'))?.[1];
}

const npmKeys = ['registry', 'proxy', 'https-proxy', 'noproxy', 'strict-ssl', 'cafile'];

/** Lines of an .npmrc, and the files that they and this process's environment name. */
async function npmSettings() {
  const values = await Promise.all(
    npmKeys.map(async (key) => {
      const [value = ''] = await linesOf('npm', 'config', 'get', key);
      return [key, value] as const;
    }),
  );
  const set = values.filter(([, value]) => !['', 'null', 'undefined'].includes(value));
  const cafile = set.find(([key]) => key === 'cafile')?.[1];
  const named = [cafile, process.env['NODE_EXTRA_CA_CERTS'], process.env['SSL_CERT_FILE']];
  return {
    lines: set.map(([key, value]) => `${key}=${value}`),
    files: named.filter((file) => file !== undefined).filter((file) => existsSync(file)),
  };
}

/** The machine's own certificates, beside Debian's; and its bundle, which may hold more than Debian's tool put there. */
async function trust(tree: string, files: readonly string[]): Promise<void> {
  const local = 'usr/local/share/ca-certificates';
  if (existsSync(`/${local}`))
    await cp(`/${local}`, join(tree, local), { recursive: true, dereference: true });
  await execa('chroot', [tree, 'update-ca-certificates'], { reject: false });
  for (const file of new Set(['/etc/ssl/certs/ca-certificates.crt', ...files])) {
    if (!existsSync(file)) continue;
    await mkdir(dirname(join(tree, file)), { recursive: true });
    await copyFile(file, join(tree, file));
  }
}
