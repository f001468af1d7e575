/**
 * The kernel's log of this machine, read from /dev/kmsg record by record.
 *
 * Reading never blocks and waits for nothing: a LOG line is in the ring before the packet it is about goes on.
 * So it is drained whenever somebody asks, and twenty times a second in between.
 */
import { closeSync, constants, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { nowNs } from '../record/clock.ts';
import type { KernelRing } from './host.ts';

export const kmsg = '/dev/kmsg';

/** Linux's number of it, from Documentation/admin-guide/devices.txt: major 1, minor 11. */
const deviceNumber = (1 << 8) | 11;

/** @throws where it cannot be opened, and where it is another device: some containers link it to /dev/null or a console */
export function openDevice(device = kmsg, mode = constants.O_RDONLY): KernelRing {
  const fd = openSync(device, mode | constants.O_NONBLOCK);
  const { rdev } = fstatSync(fd);
  if (rdev !== deviceNumber) {
    closeSync(fd);
    throw new Error(
      `${device} is not the kernel’s log here: its device number is ${rdev >> 8}:${rdev & 255}, not 1:11`,
    );
  }
  const buffer = Buffer.alloc(8192);
  let take: (record: string) => void = () => undefined;

  const drain = () => {
    for (;;) {
      try {
        const size = readSync(fd, buffer);
        if (size === 0) return;
        take(buffer.toString('latin1', 0, size).trimEnd());
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? error.code : undefined;
        if (code === 'EPIPE') continue; // overrun: the next record's number says how much is missing
        if (code === 'EAGAIN') return;
        throw error;
      }
    }
  };
  let timer: NodeJS.Timeout | undefined;

  return {
    follow(taker) {
      take = taker;
      timer = setInterval(drain, 50);
    },
    drain,
    async mark(name) {
      const log = openSync(device, constants.O_WRONLY); // the kernel limits the rate per open file
      const before = nowNs();
      // Without its end a line waits in the kernel for its continuation, and nobody sees it.
      writeSync(log, `<7>echolab clock ${name}\n`);
      const after = nowNs();
      closeSync(log);
      return { before, after };
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      closeSync(fd);
    },
  };
}
