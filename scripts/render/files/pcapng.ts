/** `capture.pcapng`: what all hosts' captures hold, in one file for Wireshark, each packet with a comment (packet-comment.ts). */
import { fenceOf } from '../../model/fence.ts';
import type { Event, PacketEvent } from '../../model/event.ts';
import { decodeFrame } from '../../parse/frame.ts';
import { readPcap, type Frame } from '../../parse/pcap.ts';
import { visible } from '../paint.ts';
import { commentOn } from './packet-comment.ts';
import * as blocks from './pcapng-blocks.ts';
import type { Play } from './renderer.ts';

/** Options of the draft's sections 3.5, 4.1 and 4.2. */
const option = { comment: 1, os: 3, application: 4, interface: 2, description: 3, flags: 2, resolution: 9 };

export function renderPcapng(play: Play): Uint8Array {
  const { run, timeline, files } = play;
  const { scene, events } = timeline;
  const byId = new Map<string, Event>(events.map((event) => [event.id, event]));
  const bySighting = new Map<string, PacketEvent>();
  for (const event of events) {
    if (event.kind !== 'packet') continue;
    for (const { source, line } of event.sightings) bySighting.set(`${source}#${line}`, event);
  }
  const captures = scene.hosts.flatMap((host) => {
    const source = `${host.name}.pcap`;
    const bytes = files.get(source);
    return bytes === undefined ? [] : [{ host, source, pcap: readPcap(bytes, source) }];
  });
  // Both ends captured it, and the same is to be said.
  const said = new Map<PacketEvent, string>();
  const aboutEvent = (event: PacketEvent): string => {
    const text = said.get(event) ?? commentOn(event, (id) => byId.get(id));
    said.set(event, text);
    return text;
  };
  const comment = (frame: Frame, { host, source, pcap }: (typeof captures)[number]) => {
    const event = bySighting.get(`${source}#${frame.line}`);
    const decoded = () => decodeFrame(pcap.linkType, frame.bytes, pcap.byteOrder);
    if (event !== undefined) return { text: aboutEvent(event), out: event.host === host.name };
    const what =
      fenceOf(decoded()) === undefined ? 'outside of the scene' : 'a control packet of the lab (a fence)';
    return { text: `${what}\nseen as ${source}#${frame.line}`, out: undefined };
  };
  const packets = captures
    .flatMap((capture, index) =>
      capture.pcap.frames.map((frame) => ({ frame, index, ...comment(frame, capture) })),
    )
    .toSorted((one, other) => Number(one.frame.epochNs - other.frame.epochNs));
  const lastNs = packets.at(-1)?.frame.epochNs ?? BigInt(run.startedNs);
  const lost = (source: string) =>
    timeline.losses.reduce((sum, loss) => sum + (loss.source === source ? (loss.count ?? 0) : 0), 0);
  return blocks.join([
    blocks.sectionHeader([
      [option.comment, `${scene.variant}, ${scene.scene}: ${scene.folder}`],
      [option.os, `Linux ${run.machine.kernel}`],
      [option.application, `echolab, from captures of tcpdump ${run.tools['tcpdump'] ?? ''}`],
    ]),
    ...captures.map(({ host, source, pcap }) =>
      blocks.interfaceDescription(pcap.linkType, pcap.snapLength, [
        [option.interface, interfaceOf(host)],
        [option.description, `${host.name} ${host.address}: ${source}`],
        [option.resolution, Uint8Array.of(9)],
      ]),
    ),
    blocks.nameResolution(scene.hosts.map(({ address, name }) => [address, name])),
    ...packets.map(({ frame, index, text, out }) =>
      blocks.enhancedPacket({ interface: index, ...frame }, [
        [option.comment, visibleLines(text)],
        ...(out === undefined ? [] : [[option.flags, direction(out)] as const]),
      ]),
    ),
    ...captures.map(({ source }, index) => blocks.interfaceStatistics(index, lastNs, BigInt(lost(source)))),
  ]);
}

/** A capture is on the link that leads to the client, or from it to the server: a host's first. */
const interfaceOf = ({ name, links }: Play['timeline']['scene']['hosts'][number]): string =>
  links[0]?.interface ?? name;

/** epb_flags, section 4.3.1: inbound 1, outbound 2. */
const direction = (out: boolean) => Uint8Array.of(out ? 2 : 1, 0, 0, 0);

const visibleLines = (text: string) => text.split('\n').map(visible).join('\n');
