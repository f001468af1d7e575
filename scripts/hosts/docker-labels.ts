/** Labels by which a container tells whose it is. */
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

export const label = 'echolab';

/** @param tag four characters of this lab, as in its log prefixes */
export const labelsOf = (tag: string): Readonly<Record<string, string>> => ({
  [label]: '1',
  [`${label}.run`]: tag,
  [`${label}.pid`]: String(process.pid),
  [`${label}.machine`]: machine(),
});

/**
 * Where a process number means something: this boot of this machine, and the pid namespace (pid_namespaces(7)) of
 * this process. Labs on two machines, or in two containers of one, may share an engine.
 */
export function machine(): string {
  if (process.platform !== 'linux') return hostname();
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 13);
  return `${boot}-${readlinkSync('/proc/self/ns/pid').replace(/\D/g, '')}`;
}
