/** The comments at the beginning of `kernel.trace`: what the recorder asked of the kernel, and what it got. */
export interface KernelHeader {
  readonly kernel: string;
  readonly tier: string;
  /** Added to a stamp it gives epoch nanoseconds. */
  readonly offsetNs: bigint;
  readonly uncertaintyNs: number;
  /** `net:net_dev_queue`: those that were on, and those that this kernel does not have. */
  readonly events: readonly string[];
  readonly missing: readonly string[];
  readonly lost: number;
  /** The first process of each program: the machine's number, and its own. */
  readonly programs: readonly { readonly host: string; readonly machine: number; readonly pid: number }[];
}

/** The kernel prints microseconds, and cuts the rest off. */
const printedNs = 1000;

export function readHeader(text: string): KernelHeader {
  const lines = text.split('\n', 100).filter((line) => line.startsWith('# '));
  const all = (key: string) =>
    lines.filter((line) => line.startsWith(`# ${key} `)).map((line) => line.slice(key.length + 3));
  const words = (key: string) => (all(key)[0] ?? '').split(' ').filter((word) => word !== '');
  const [clock = '', , offset = '0', , uncertainty = '0'] = words('clock');
  return {
    kernel: words('kernel').join(' '),
    tier: words('tier').join(' '),
    ...clockOf(clock, BigInt(offset), Number(uncertainty)),
    events: words('events'),
    missing: words('missing'),
    lost: Number(words('lost')[0] ?? 0),
    programs: all('program').map((line) => {
      const [host = '', machine, pid] = line.split(' ');
      return { host, machine: Number(machine), pid: Number(pid) };
    }),
  };
}

/**
 * The clock `tai` is CLOCK_REALTIME plus a whole number of seconds (clock_gettime(2), CLOCK_TAI): what was measured only
 * tells how many, and the offset is known exactly. It would say no more: who measures on a busy machine is often late.
 */
function clockOf(clock: string, offsetNs: bigint, uncertaintyNs: number) {
  return clock === 'tai'
    ? { offsetNs: BigInt(Math.round(Number(offsetNs) / 1e9)) * 1_000_000_000n, uncertaintyNs: printedNs }
    : { offsetNs, uncertaintyNs: uncertaintyNs + printedNs };
}
