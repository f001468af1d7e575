/** The constants on a line and their meanings, from the tables by topic. */
import type { Call } from 'strace-parser';
import { findErrno } from './errno-context.ts';
import { explainErrno } from './errno.ts';
import { asWord, lookUp, type Entries, type Word } from './explanation.ts';
import { eventFamilies, eventFlags } from './flags-events.ts';
import { fileFamilies, fileFlags } from './flags-files.ts';
import { memoryFlags } from './flags-memory.ts';
import { netlinkFamilies, netlinkFlags } from './flags-netlink.ts';
import { processFamilies, processFlags } from './flags-processes.ts';
import { socketFlags } from './flags-sockets.ts';
import { namesIn, type Named } from './reading.ts';
import { explainSignal } from './signals.ts';
import { socketOptions } from './socket-options.ts';

export function wordsOf(call: Call): Word[] {
  return onLine(call).flatMap((named) => meaning(call, named) ?? []);
}

export function unknownWords(call: Call): string[] {
  return onLine(call)
    .filter(({ name }) => /^_?[A-Z]/.test(name)) // inet_addr, htons, makedev are strace's way to write values
    .filter((named) => meaning(call, named) === undefined)
    .map(({ name }) => name);
}

/** In the order of the line, each once. The result's constants (`flags O_RDWR`, `revents=POLLIN`) and the errno come last. */
function onLine(call: Call): Named[] {
  const { returned } = call;
  const all = call.args.flatMap((value) => namesIn(value));
  if (returned?.errno !== undefined) all.push({ name: returned.errno, member: 'errno' });
  else if (returned?.target === undefined) {
    for (const [name] of (returned?.text ?? '').matchAll(/\b[A-Z][A-Z0-9_]+\b/g))
      all.push({ name, member: '' });
  }
  const seen = new Set<string>();
  return all.filter(({ name }) => !seen.has(name) && seen.add(name));
}

function meaning(call: Call, { name, member }: Named): Word | undefined {
  if (member === 'errno') {
    const entry = findErrno(call, name);
    return entry && asWord(name, entry);
  }
  const entry =
    lookUp(constants, `${member} ${name}`) ??
    lookUp(constants, `${call.name} ${name}`) ??
    lookUp(constants, name);
  if (entry !== undefined) return asWord(name, entry);
  const family = families.find(([form]) => form.test(name));
  return family ? asWord(name, [family[1], family[2]]) : (explainSignal(name) ?? explainErrno(name));
}

const constants: Entries = {
  ...memoryFlags,
  ...processFlags,
  ...fileFlags,
  ...eventFlags,
  ...netlinkFlags,
  ...socketOptions,
  ...socketFlags,
};

const families = [...netlinkFamilies, ...fileFamilies, ...processFamilies, ...eventFamilies];

/** How many words have a meaning of their own. */
export const constantCount: number = Object.keys(constants).length;
