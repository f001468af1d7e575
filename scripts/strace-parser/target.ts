/** What `-y` and `-yy` say of a descriptor: the text between `<` and `>`, and where it ends. */
import { unescapePath } from './escape.ts';
import type { Target } from './value.ts';

/**
 * The place behind the `>` that closes the decoration opened at `text[open] === '<'`, with a `(deleted)` that
 * strace 6 puts behind it; -1 if it never closes.
 *
 * strace escapes `<` and `>` inside paths (\74, \76), so a path ends at the first of them. Devices nest
 * (`</dev/pts/3<char 136:3>>`); `->` is an arrow only within the brackets of `TCP:[…]`, where a name of a
 * UNIX socket may stand in quotes.
 */
export function endOfTarget(text: string, open: number): number {
  if (text.charCodeAt(open + 1) === 47) {
    const close = text.indexOf('>', open);
    if (close === -1) return -1;
    const nested = text.indexOf('<', open + 1);
    if (nested === -1 || nested > close)
      return text.startsWith('(deleted)', close + 1) ? close + 10 : close + 1;
  }
  let depth = 0;
  let brackets = 0;
  for (let at = open; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 60: // <
        depth++;
        break;
      case 62: // >
        if (brackets > 0 && text.charCodeAt(at - 1) === 45) break; // ->
        if (--depth === 0) {
          return text.startsWith('(deleted)', at + 1) ? at + 10 : at + 1;
        }
        break;
      case 91: // [ counts only as the bracket of PROTO:[…], never in a path
        if (brackets > 0 || (text.charCodeAt(at - 1) === 58 && text.charCodeAt(open + 1) !== 47)) brackets++;
        break;
      case 93: // ]
        if (brackets > 0) brackets--;
        break;
      case 34: // " of a UNIX socket's name
        if (brackets > 0) {
          at = endOfQuoted(text, at) - 1;
          if (at < 0) return -1;
        }
        break;
    }
  }
  return -1;
}

/** The place behind the quote that closes the string opened at `open`; -1 if it never closes. */
export function endOfQuoted(text: string, open: number): number {
  let at = text.indexOf('"', open + 1);
  while (at !== -1) {
    let backslashes = 0;
    while (text.charCodeAt(at - 1 - backslashes) === 92) backslashes++;
    if (backslashes % 2 === 0) return at + 1;
    at = text.indexOf('"', at + 1);
  }
  return -1;
}

const socket = /^(?<protocol>[A-Za-z][\w+.-]*):\[(?<names>.*)\]$/s;
/** UNIX sockets are named by inode: `[100->101,"/run/a.sock"]`, `[100,@"name"]`. */
const unixNames = /^(?<inode>\d+)(?:->(?<peer>\d+))?(?:,(?<local>.*))?$/s;
const internetNames = /^(?<local>.*?)(?:->(?<peer>.*))?$/s;
const device = /<(?<device>(?:char|block) [^<>]*)>$/;
const kernelObjects = new Set([
  'pipe',
  'anon_inode',
  'pidfd',
  'pid',
  'mnt',
  'net',
  'user',
  'uts',
  'ipc',
  'cgroup',
  'time',
]);

/** Decodes a decoration. `text` is everything from `<` to its end, a `(deleted)` behind it included. */
export function readTarget(text: string): Target {
  const deletedBehind = text.endsWith('(deleted)');
  const inner = text.slice(1, deletedBehind ? -10 : -1);
  if (inner.startsWith('/')) {
    const special = inner.endsWith('>') ? device.exec(inner) : null;
    const bare = special === null ? inner : inner.slice(0, special.index);
    const deletedWithin = !deletedBehind && bare.endsWith(')') && bare.endsWith(' (deleted)');
    return {
      kind: 'path',
      text,
      path: unescapePath(deletedWithin ? bare.slice(0, -10) : bare),
      deleted: deletedBehind || deletedWithin,
      ...(special?.groups?.['device'] === undefined ? {} : { device: special.groups['device'] }),
    };
  }
  const groups = socket.exec(inner)?.groups;
  const protocol = groups?.['protocol'];
  if (groups === undefined || protocol === undefined || kernelObjects.has(protocol))
    return { kind: 'other', text };
  const names = groups['names'] ?? '';
  const parts = (unixNames.exec(names) ?? internetNames.exec(names))?.groups ?? {};
  const inode = parts['inode'];
  const local = parts['local'];
  const peer = parts['peer'];
  return {
    kind: 'socket',
    text,
    protocol,
    ...(inode === undefined ? {} : { inode: Number(inode) }),
    ...(local === undefined ? {} : { local }),
    ...(peer === undefined ? {} : { peer }),
  };
}
