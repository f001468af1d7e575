/**
 * The kernel's log, record by record. Each record has a sequence number, so that every loss is found: the ring holds
 * 128 KiB, and a reader that falls behind gets EPIPE once and then goes on.
 */
import { constants } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { KernelRing, Obstacle } from '../hosts/host.ts';
import { kmsg, openDevice } from '../hosts/kmsg.ts';
import type { Packet } from '../model/packet.ts';
import { readKernelLog } from '../parse/kernel-log.ts';
import { nowNs } from './clock.ts';
import type { Tape } from './recorder.ts';

/** How the kernel's stamps are turned into CLOCK_REALTIME: epoch ns = stamp ns + offset, give or take. */
export interface KernelClock {
  offsetNs: bigint;
  uncertaintyNs: number;
}

export interface KernelLog {
  /** The lines of one pair's rules, by the tag in their prefix. */
  tape(tag: string): Tape;
  clock(): Promise<KernelClock | undefined>;
}

/** How long a mark that is written may take to come back through the ring. */
const markLimitMs = 2_000;

/** @param ring stays its owner's, who closes it */
export async function openKernelLog(ring: KernelRing): Promise<KernelLog> {
  const tapes = new Map<string, { lines: string[]; packets: Packet[] }>();
  const marks = new Map<string, { stampUs?: number }>();
  const readings: KernelClock[] = [];
  let expected = -1;
  let lost = 0;
  // The ring begins with other people's past: what is lost before the first mark does not count.
  let begun = false;

  ring.follow((record) => {
    const sequence = Number(record.split(',', 2)[1]);
    if (begun && expected >= 0 && sequence > expected) lost += sequence - expected;
    expected = sequence + 1;
    const mark = marks.get(/echolab clock (\S+)/.exec(record)?.[1] ?? '');
    if (mark !== undefined) {
      begun = true;
      mark.stampUs = Number(record.split(',', 3)[2]);
    }
    const tag = /;\[[A-Z]+\] (\S+) \S+ \S+ IN=/.exec(record)?.[1];
    const tape = tag === undefined ? undefined : tapes.get(tag);
    if (tape === undefined) return;
    tape.lines.push(record);
    for (const read of readKernelLog(record, 'kernel.log').records) {
      if (read.kind === 'log') tape.packets.push(read.packet);
    }
  });

  /** The stamp and the readings around it come back by two ways, in any order. */
  const measure = async () => {
    const name = `${process.pid}-${nowNs()}`;
    const mark: { stampUs?: number } = {};
    marks.set(name, mark);
    const times = await ring.mark(name);
    const until = performance.now() + markLimitMs;
    for (ring.drain(); mark.stampUs === undefined && performance.now() < until; ring.drain()) await pause(1);
    if (mark.stampUs !== undefined) readings.push(clockFrom(mark.stampUs, times));
  };
  const measureAll = async () => {
    for (let n = 0; n < 5; n += 1) await measure();
  };
  await measureAll();

  return {
    tape(tag) {
      const tape = { lines: [] as string[], packets: [] as Packet[] };
      tapes.set(tag, tape);
      let before = lost;
      return {
        source: 'kernel.log',
        packets() {
          ring.drain();
          return tape.packets;
        },
        cut() {
          ring.drain();
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
    async clock() {
      await measureAll();
      return readings.toSorted((one, other) => one.uncertaintyNs - other.uncertaintyNs)[0];
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
    await using _ = openDevice(kmsg, constants.O_RDWR);
    return undefined;
  } catch (error) {
    return {
      what: 'the kernel log cannot be read',
      why: error instanceof Error ? error.message : String(error),
      mend: 'run as root where /dev/kmsg is the kernel’s log; until then NFLOG takes its place',
    };
  }
}
