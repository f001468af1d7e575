/** Calls on files whose arguments decide what they are: how a file is opened, what stat says, where to move. */
import { field, type Call, type Value } from 'strace-parser';
import type { Teller } from './outcome.ts';
import { descriptor } from './places.ts';
import { argument, isNull, names, namesIn, numberOf, plain, plural, textOf } from './reading.ts';

type Tellers = Readonly<Record<string, readonly [Teller, source: string]>>;

export const pathCalls: Tellers = {
  open: [(call) => open(call, 0, 1), 'open(2)'],
  openat: [(call) => open(call, 1, 2), 'open(2)'],
  access: [(call) => access(call, 0), 'access(2)'],
  faccessat: [(call) => access(call, 1), 'access(2)'],
  faccessat2: [(call) => access(call, 1), 'access(2)'],
  stat: [(call) => stat(call, 0, 1), 'stat(2)'],
  stat64: [(call) => stat(call, 0, 1), 'stat(2)'],
  lstat: [(call) => stat(call, 0, 1, ' itself, if it is a link'), 'stat(2)'],
  lstat64: [(call) => stat(call, 0, 1, ' itself, if it is a link'), 'stat(2)'],
  fstat: [(call) => stat(call, 0, 1), 'stat(2)'],
  fstat64: [(call) => stat(call, 0, 1), 'stat(2)'],
  newfstatat: [(call) => stat(call, 1, 2), 'stat(2)'],
  fstatat64: [(call) => stat(call, 1, 2), 'stat(2)'],
  statx: [(call) => stat(call, 1, 4), 'statx(2)'],
  lseek: [lseek, 'lseek(2)'],
  getdents64: [list, 'getdents(2)'],
  getdents: [list, 'getdents(2)'],
  chown: [(call) => own(call, 0, 1), 'chown(2)'],
  lchown: [(call) => own(call, 0, 1), 'chown(2)'],
  fchown: [(call) => own(call, 0, 1), 'chown(2)'],
  fchownat: [(call) => own(call, 1, 2), 'chown(2)'],
  copy_file_range: [
    (call) => {
      const way = `from ${descriptor(argument(call, 0))} to ${descriptor(argument(call, 2))} inside the kernel`;
      return [
        `wants to copy bytes ${way}`,
        `copies ${plural(Number(call.returned?.value ?? 0), 'byte')} ${way}`,
      ];
    },
    'copy_file_range(2)',
  ],
  utimensat: [
    (call) => {
      const what = isNull(argument(call, 1)) ? descriptor(argument(call, 0)) : pathAt(call, 1);
      return [`wants to set the times of ${what}`, `sets the times of ${what}`];
    },
    'utimensat(2)',
  ],
};

/** A path; an empty one (AT_EMPTY_PATH) means the descriptor before it. */
function pathAt(call: Call, at: number): string {
  const value = argument(call, at);
  if (value?.type === 'descriptor') return descriptor(value);
  return at > 0 && textOf(value) === '' ? descriptor(argument(call, at - 1)) : plain(value);
}

function open(call: Call, at: number, flagsAt: number): readonly [string, string] {
  const path = pathAt(call, at);
  const flags = names(call, flagsAt);
  const kind = flags.includes('O_DIRECTORY') ? 'the directory ' : '';
  const how = flags.includes('O_RDWR')
    ? 'for reading and writing'
    : flags.includes('O_WRONLY')
      ? 'for writing'
      : flags.includes('O_PATH')
        ? 'only as a place'
        : 'for reading';
  const also = [
    flags.includes('O_APPEND') ? 'at its end' : '',
    flags.includes('O_EXCL') && flags.includes('O_CREAT')
      ? 'as a new file'
      : flags.includes('O_CREAT')
        ? 'made if it is not there'
        : '',
    flags.includes('O_TRUNC') ? 'emptied' : '',
  ].filter((part) => part !== '');
  const what = `${kind}${path} ${[how, ...also].join(', ')}`;
  return [`tries to open ${what}`, `opens ${what}: descriptor ${call.returned?.value}`];
}

function access(call: Call, at: number): readonly [string, string] {
  const path = pathAt(call, at);
  const modes = names(call, at + 1);
  const rights = [
    modes.includes('R_OK') ? 'read' : '',
    modes.includes('W_OK') ? 'write' : '',
    modes.includes('X_OK') ? 'run or enter' : '',
  ].filter((right) => right !== '');
  const asks =
    rights.length === 0 ? `asks if ${path} is there` : `asks if it may ${rights.join(' and ')} ${path}`;
  return [asks, `${asks}: yes`];
}

function stat(call: Call, at: number, resultAt: number, also = ''): readonly [string, string] {
  const asks = `asks what ${pathAt(call, at)}${also} is`;
  const result = argument(call, resultAt);
  const mode = field(result, 'st_mode') ?? field(result, 'stx_mode');
  if (mode === undefined) return [asks, asks];
  const type = namesIn(mode).find(({ name }) => name in kinds)?.name ?? '';
  const size = numberOf(field(result, 'st_size') ?? field(result, 'stx_size'));
  const long = type === 'S_IFREG' && size !== undefined ? ` of ${plural(size, 'byte')}` : '';
  return [asks, `${asks}: ${kinds[type] ?? plain(mode)}${long}`];
}

/** inode(7) */
const kinds: Readonly<Record<string, string>> = {
  S_IFREG: 'a file',
  S_IFDIR: 'a directory',
  S_IFLNK: 'a symbolic link',
  S_IFCHR: 'a character device, such as a terminal',
  S_IFBLK: 'a block device, such as a disk',
  S_IFIFO: 'a pipe',
  S_IFSOCK: 'a socket',
};

function lseek(call: Call): readonly [string, string] {
  const where = descriptor(argument(call, 0));
  const offset = numberOf(argument(call, 1)) ?? 0;
  const to = call.returned?.value;
  switch (names(call, 2)[0] ?? '') {
    case 'SEEK_CUR':
      return offset === 0
        ? [`asks for its position in ${where}`, `asks for its position in ${where}: ${to}`]
        : [`wants to move by ${offset} bytes in ${where}`, `moves by ${offset} bytes in ${where}, to ${to}`];
    case 'SEEK_END':
      return [`wants to move to the end of ${where}`, `moves to the end of ${where}, position ${to}`];
    case 'SEEK_SET':
      return [`wants to move to position ${offset} in ${where}`, `moves to position ${to} in ${where}`];
    default:
      return [`wants to move in ${where}`, `moves to position ${to} in ${where}`];
  }
}

/** strace counts the names behind the pointer: `13 entries`. */
function list(call: Call): readonly [string, string] {
  const reads = `names in the directory ${descriptor(argument(call, 0))}`;
  if (Number(call.returned?.value ?? 0) === 0) return [`wants to read ${reads}`, `has read all ${reads}`];
  const second = call.args[1];
  const count = second?.type === 'comment' ? /^(\d+) entries/.exec(second.text)?.[1] : undefined;
  return [`wants to read ${reads}`, `reads ${count ?? 'the'} ${reads}`];
}

function own(call: Call, at: number, userAt: number): readonly [string, string] {
  const named = (value: Value | undefined, noun: string) =>
    numberOf(value) === -1 || numberOf(value) === 2 ** 32 - 1 ? '' : `${noun} ${plain(value)}`;
  const to = [named(argument(call, userAt), 'user'), named(argument(call, userAt + 1), 'group')]
    .filter((part) => part !== '')
    .join(' and ');
  const what = `${pathAt(call, at)} to ${to === '' ? 'whom it belongs already' : to}`;
  return [`wants to give ${what}`, `gives ${what}`];
}
