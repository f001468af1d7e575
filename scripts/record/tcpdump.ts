/**
 * tcpdump(8) on an interface (`client.pcap`) or on the log group of netfilter's NFLOG (`client.nflog.pcap`).
 *
 * It writes to a pipe, packet by packet; the tape keeps the file header and cuts between packets. It has begun
 * when it says `listening on`, and at its end it says what the kernel dropped before it could be read.
 */
import { execa } from 'execa';
import { CannotRun, type Host, type Obstacle } from '../hosts/host.ts';
import type { Packet } from '../model/packet.ts';
import { readNflog } from '../parse/nflog.ts';
import { readPackets } from '../parse/pcap.ts';
import type { Tape } from './recorder.ts';

const fileHeader = 24;

/**
 * Runs the words after it until its standard input ends, so that nothing depends on signals: those end at the
 * docker client and do not reach what it runs.
 */
const untilInputEnds = [
  ...['sh', '-c'],
  'exec 3<&0; "$@" & p=$!; { read -r _ <&3; kill -INT $p; } & wait $p; s=$?; kill $! 2>/dev/null; exit $s',
  'sh',
];

/** @param iface what tcpdump listens on: an interface of the host, or `nflog:5`. */
export async function startTcpdump(host: Host, iface: string, source: string): Promise<Tape> {
  // -Z root: a tcpdump that is root stays root (one that changed user cannot be signalled in a container).
  const user = ['-Z', 'root'];
  // NFLOG has microseconds only.
  const stamps = iface.startsWith('nflog') ? [] : ['--time-stamp-precision=nano'];
  const options = ['--immediate-mode', '-U', '-n', '-B', '8192', ...stamps, '-i', iface, '-w', '-'];
  const [file = '', ...args] = host.recorder([...untilInputEnds, 'tcpdump', ...user, ...options]);
  const tcpdump = execa(file, args, { buffer: false, reject: false, stdin: 'pipe' });

  let said = '';
  const listening = new Promise<void>((resolve, reject) => {
    tcpdump.stderr.on('data', (text: Buffer) => {
      said += text.toString('latin1');
      if (said.includes('listening on')) resolve();
    });
    void tcpdump.then(() => reject(new CannotRun(cannotCapture(iface, said))));
  });

  let recorded = Buffer.alloc(0); // header and records since the last cut
  let whole = fileHeader; // how much of it is whole records
  let packets: Packet[] = [];
  const decode = iface.startsWith('nflog') ? nflogPackets : wirePackets;
  tcpdump.stdout.on('data', (bytes: Buffer) => {
    recorded = Buffer.concat([recorded, bytes]);
    if (recorded.length <= fileHeader) return;
    const unread = Buffer.concat([recorded.subarray(0, fileHeader), recorded.subarray(whole)]);
    const fresh = decode(unread, source);
    packets.push(...fresh.packets);
    whole += fresh.consumed - fileHeader;
  });

  await listening;
  return {
    source,
    of: host.name,
    packets: () => packets,
    cut() {
      const recording = recorded.subarray(0, whole);
      recorded = Buffer.concat([recorded.subarray(0, fileHeader), recorded.subarray(whole)]);
      whole = fileHeader;
      packets = [];
      return recording;
    },
    lost: () => Number(/(\d+) packets? dropped by kernel/.exec(said)?.[1] ?? 0),
    async [Symbol.asyncDispose]() {
      tcpdump.stdin.end();
      await tcpdump;
    },
  };
}

const cannotCapture = (iface: string, said: string): Obstacle => ({
  what: `tcpdump cannot capture on ${iface}`,
  why: said.trim().split('\n').at(-1) ?? 'it said nothing',
  mend: 'allow it to open packet sockets (an AppArmor profile or a missing CAP_NET_RAW may forbid it)',
});

type Decode = (bytes: Uint8Array, source: string) => { packets: Packet[]; consumed: number };

const wirePackets: Decode = (bytes, source) => {
  const { packets, consumed } = readPackets(bytes, source);
  return { packets: packets.map(({ packet }) => packet), consumed };
};

const nflogPackets: Decode = (bytes, source) => {
  const { frames, consumed } = readNflog(bytes, source);
  return { packets: frames.map(({ packet }) => packet), consumed };
};
