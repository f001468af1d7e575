/**
 * The kernel's log, read from /dev/kmsg record by record. Each record has a sequence number, so that every loss
 * is found: the ring holds 128 KiB, and a reader that falls behind gets EPIPE once and then goes on.
 *
 * Reading never blocks and waits for nothing: a LOG line is in the ring before the packet it is about goes on.
 * So it is drained whenever somebody asks, and twenty times a second in between.
 */
import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import type { Obstacle } from '../hosts/host.ts';
import type { Packet } from '../model/packet.ts';
import { readKernelLog } from '../parse/kernel-log.ts';
import { nowNs } from './clock.ts';
import type { Tape } from './recorder.ts';

/** How the kernel's stamps are turned into CLOCK_REALTIME: epoch ns = stamp ns + offset, give or take. */
export interface KernelClock {
  offsetNs: bigint;
  uncertaintyNs: number;
}

export interface KernelLog extends AsyncDisposable {
  /** The lines of one pair's rules, by the tag in their prefix. */
  tape(tag: string): Tape;
  clock(): KernelClock;
}

export function openKernelLog(): KernelLog {
  const fd = openSync('/dev/kmsg', constants.O_RDONLY | constants.O_NONBLOCK);
  const buffer = Buffer.alloc(8192);
  const tapes = new Map<string, { lines: string[]; packets: Packet[] }>();
  const marks = new Map<string, { before: bigint; after: bigint }>();
  const readings: KernelClock[] = [];
  let expected = -1;
  let lost = 0;
  // The ring begins with other people's past: what is lost before the first marker does not count.
  let begun = false;

  const take = (record: string) => {
    const sequence = Number(record.split(',', 2)[1]);
    if (begun && expected >= 0 && sequence > expected) lost += sequence - expected;
    expected = sequence + 1;
    const mark = /echolab clock (\S+)/.exec(record)?.[1];
    const times = mark === undefined ? undefined : marks.get(mark);
    if (times !== undefined) {
      begun = true;
      readings.push(clockFrom(Number(record.split(',', 3)[2]), times));
    }
    const tag = /;\[[A-Z]+\] (\S+) \S+ \S+ IN=/.exec(record)?.[1];
    const tape = tag === undefined ? undefined : tapes.get(tag);
    if (tape === undefined) return;
    tape.lines.push(record);
    for (const read of readKernelLog(record, 'kernel.log').records) {
      if (read.kind === 'log') tape.packets.push(read.packet);
    }
  };

  const drain = () => {
    for (;;) {
      try {
        const size = readSync(fd, buffer);
        take(buffer.toString('latin1', 0, size).trimEnd());
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? error.code : undefined;
        if (code === 'EPIPE') continue; // overrun: the next record's number says how much is missing
        if (code === 'EAGAIN') return;
        throw error;
      }
    }
  };

  /** Writes a line into the log between two readings of the lab's clock. */
  const mark = () => {
    const name = `${process.pid}-${nowNs()}`;
    const log = openSync('/dev/kmsg', constants.O_WRONLY); // the kernel limits the rate per open file
    const times = { before: nowNs(), after: 0n };
    marks.set(name, times);
    writeSync(log, `<7>echolab clock ${name}`);
    times.after = nowNs();
    closeSync(log);
  };

  for (let n = 0; n < 5; n += 1) mark();
  drain();
  const timer = setInterval(drain, 50);

  return {
    tape(tag) {
      const tape = { lines: [] as string[], packets: [] as Packet[] };
      tapes.set(tag, tape);
      let before = lost;
      return {
        source: 'kernel.log',
        packets() {
          drain();
          return tape.packets;
        },
        cut() {
          drain();
          const recording = Buffer.from(tape.lines.map((line) => `${line}\n`).join(''), 'latin1');
          tape.lines = [];
          tape.packets = [];
          return recording;
        },
        lost() {
          const since = lost - before;
          before = lost;
          return since;
        },
        [Symbol.asyncDispose]: async () => undefined,
      };
    },
    clock() {
      for (let n = 0; n < 5; n += 1) mark();
      drain();
      return readings.reduce((best, reading) =>
        reading.uncertaintyNs < best.uncertaintyNs ? reading : best,
      );
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      closeSync(fd);
    },
  };
}

/** The stamp (microseconds, cut off) was taken between the two readings. */
function clockFrom(stampUs: number, { before, after }: { before: bigint; after: bigint }): KernelClock {
  const half = (after - before) / 2n;
  const stampNs = BigInt(stampUs) * 1000n + 500n;
  return { offsetNs: before + half - stampNs, uncertaintyNs: Number(half) + 500 };
}

/** Root in the machine's own user namespace may read the log; everybody else gets EPERM. */
export async function checkKernelLog(): Promise<Obstacle | undefined> {
  try {
    closeSync(openSync('/dev/kmsg', constants.O_RDWR | constants.O_NONBLOCK));
    return undefined;
  } catch (error) {
    return {
      what: 'the kernel log cannot be read',
      why: error instanceof Error ? error.message : String(error),
      mend: 'run as root; until then NFLOG takes its place',
    };
  }
}
