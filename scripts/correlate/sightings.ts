/** The packets of every recording of a scene, between its fences, and whether each recorder can vouch for absences. */
import { fenceOf, isWholeFence, linksIn } from '../model/fence.ts';
import type { Packet, Sighting } from '../model/packet.ts';
import type { Problem } from '../model/problem.ts';
import type { Run, SceneRecord } from '../model/run.ts';
import { readKernelLog } from '../parse/kernel-log.ts';
import { readNflog } from '../parse/nflog.ts';
import { readPackets } from '../parse/pcap.ts';
import { latin1 } from '../parse/bytes.ts';

export interface Seen {
  readonly sighting: Sighting;
  readonly packet: Packet;
}

/** One recorder at one place. */
export interface Watch {
  readonly source: string;
  readonly host: string;
  /** Where it stands: on the link, or at the rules of a chain. */
  readonly at: 'wire' | 'rules';
  /** It saw both fences whole. */
  readonly fenced: boolean;
  /** The last packet of the begin fence and the first of the end fence, as far as seen. */
  readonly fences: readonly Seen[];
}

type Files = ReadonlyMap<string, Uint8Array>;

export function readSightings(run: Run, scene: SceneRecord, files: Files) {
  const problems: Problem[] = [];
  const seen: Seen[] = [];
  const watches: Watch[] = [];
  const add = (source: string, host: string, at: Watch['at'], packets: readonly Seen[]) => {
    const links = source === 'kernel.log' && host !== 'client' ? 1 : linksIn(source, scene.hosts.length);
    const between = clip(packets, scene.fences, links);
    seen.push(...between.inside);
    watches.push({ source, host, at, fenced: between.fenced, fences: between.fences });
  };
  for (const { name: host } of scene.hosts) {
    const wire = files.get(`${host}.pcap`);
    if (wire !== undefined)
      add(`${host}.pcap`, host, 'wire', readWire(wire, `${host}.pcap`, host, run, problems));
    const nflog = files.get(`${host}.nflog.pcap`);
    if (nflog !== undefined) {
      add(`${host}.nflog.pcap`, host, 'rules', readGroup(nflog, `${host}.nflog.pcap`, host, run, problems));
    }
  }
  const log = files.get('kernel.log');
  if (log !== undefined) {
    const lines = readLog(log, run, problems);
    for (const { name: host } of scene.hosts) {
      add(
        'kernel.log',
        host,
        'rules',
        lines.filter(({ sighting }) => sighting.host === host),
      );
    }
  }
  return { seen, watches, problems };
}

function readWire(bytes: Uint8Array, source: string, host: string, run: Run, problems: Problem[]): Seen[] {
  const read = readPackets(bytes, source);
  problems.push(...read.problems);
  return read.packets.map(({ line, epochNs, packet }) => ({
    packet,
    sighting: { source, line, host, hook: 'wire', atNs: since(run, epochNs) },
  }));
}

function readGroup(bytes: Uint8Array, source: string, host: string, run: Run, problems: Problem[]): Seen[] {
  const read = readNflog(bytes, source);
  problems.push(...read.problems);
  return read.frames.map(({ line, epochNs, chain, packet }) => ({
    packet,
    sighting: { source, line, host, hook: chain === 'INPUT' ? 'INPUT' : 'OUTPUT', atNs: since(run, epochNs) },
  }));
}

function readLog(bytes: Uint8Array, run: Run, problems: Problem[]): Seen[] {
  const source = 'kernel.log';
  const read = readKernelLog(latin1(bytes), source);
  problems.push(...read.problems);
  const offset = BigInt(run.kernelClock?.offsetNs ?? 0);
  return read.records.flatMap((record) => {
    if (record.kind !== 'log') return [];
    const { line, host, chain, packet, stampUs } = record;
    const atNs = since(run, BigInt(stampUs) * 1000n + offset);
    return [{ packet, sighting: { source, line, host, hook: chain === 'INPUT' ? 'INPUT' : 'OUTPUT', atNs } }];
  });
}

const since = (run: Run, epochNs: bigint) => Number(epochNs - BigInt(run.startedNs));

/** What lies behind the begin fence's last packet and before the end fence's first. */
function clip(packets: readonly Seen[], fences: SceneRecord['fences'], links: number) {
  const ports = packets.map(({ packet }) => fenceOf(packet));
  const begin = ports.lastIndexOf(fences.begin);
  const end = ports.indexOf(fences.end, begin + 1);
  const inside = packets.slice(begin + 1, end === -1 ? undefined : end);
  const all = packets.map(({ packet }) => packet);
  const fenced = isWholeFence(all, fences.begin, links) && isWholeFence(all, fences.end, links);
  const bounds = [packets[begin], packets[end]].filter((one) => one !== undefined);
  return { inside: inside.filter(({ packet }) => fenceOf(packet) === undefined), fenced, fences: bounds };
}
