/** Calls on memory. */
import type { Call } from 'strace-parser';
import type { Row, Rows } from './outcome.ts';
import { argument, isNull, names } from './reading.ts';

export const memoryCalls: Rows = {
  munmap: ['give {1} bytes of memory at {0} back'],
  pkey_alloc: ['get a key to protect memory', 'key {=}'],
  mremap: ['change the size of its memory at {0} from {1} to {2} bytes', 'it is at {=} now'],
  madvise: ['tell the kernel how it uses {1} bytes at {0}: {2}'],
  process_madvise: ['tell the kernel how {0} uses its memory'],
  mincore: ['ask which pages of {1} bytes at {0} are in memory'],
  msync: ['write {1} bytes of mapped memory at {0} to the file'],
  mlock: ['keep {1} bytes at {0} in memory'],
  mlock2: ['keep {1} bytes at {0} in memory', undefined, 'mlock(2)'],
  munlock: ['let {1} bytes at {0} leave memory again', undefined, 'mlock(2)'],
  mlockall: ['keep all of its memory in RAM: {0}', undefined, 'mlock(2)'],
  munlockall: ['let its memory leave RAM again', undefined, 'mlock(2)'],
  memfd_create: ['make a file that lives in memory only, {0}', 'descriptor {=}'],
  memfd_secret: ['make memory that the kernel itself cannot see', 'descriptor {=}'],
  get_mempolicy: ['ask from which node of the machine its memory comes'],
  set_mempolicy: ['choose from which node of the machine its memory comes: {0}'],
  mbind: ['choose from which node of the machine {1} bytes at {0} come'],
  shmget: ['ask for a piece of shared memory of {1} bytes', 'number {=}'],
  shmat: ['attach the shared memory {0}', 'at {=}', 'shmop(2)'],
  shmdt: ['detach the shared memory at {0}', undefined, 'shmop(2)'],
  shmctl: ['ask about or change the shared memory {0}: {1}'],
  process_vm_readv: ['read from the memory of process {0}', '{=} bytes'],
  process_vm_writev: ['write to the memory of process {0}', '{=} bytes', 'process_vm_readv(2)'],
  userfaultfd: ['ask to handle page faults itself', 'descriptor {=}'],
};

/** `to be read and written`; the constants stand among the words. */
function rights(call: Call, at: number): string {
  const given = names(call, at);
  const may = [
    given.includes('PROT_READ') ? 'read' : '',
    given.includes('PROT_WRITE') ? 'written' : '',
    given.includes('PROT_EXEC') ? 'run' : '',
  ].filter((right) => right !== '');
  if (may.length === 0) return 'not to be touched';
  return may.join() === 'read' ? 'to be read only' : `to be ${may.join(' and ')}`;
}

const protect = (call: Call): Row => [
  `set {1} bytes of memory at {0} ${rights(call, 2)}`,
  undefined,
  'mprotect(2)',
];

const map = (call: Call): Row =>
  names(call, 3).includes('MAP_ANONYMOUS')
    ? [`get {1} bytes of fresh memory, ${rights(call, 2)}`, 'at {=}', 'mmap(2)']
    : [`map {1} bytes of {4} into its memory, ${rights(call, 2)}`, 'at {=}', 'mmap(2)'];

/** mmap(2) and brk(2) are several calls in one. */
export const memoryChoices: Readonly<Record<string, (call: Call) => Row>> = {
  brk: (call) =>
    isNull(argument(call, 0))
      ? ['ask where its heap ends', 'at {=}', 'brk(2)']
      : ['ask for a heap that ends at {0}', 'it ends at {=}', 'brk(2)'],
  mprotect: protect,
  pkey_mprotect: protect,
  mmap: map,
  mmap2: map,
};
