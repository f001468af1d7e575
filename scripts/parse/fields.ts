/**
 * A frame field by field, each with the bytes that say it: for looking at, as frame.ts is for reckoning with. Offsets as
 * in the drawings of ipv4-header.ts, tcp.ts, udp.ts, icmp.ts and ethernet.ts.
 */
import { dotted, hex, u16, u32, u8 } from './bytes.ts';
import { LinkType } from './frame.ts';
import { tcpFields } from './tcp-fields.ts';

export interface Field {
  /** `IPv4` */
  readonly layer: string;
  readonly name: string;
  readonly value: string;
  /** The bytes of the frame from `from` up to, not including, `until`. */
  readonly from: number;
  readonly until: number;
}

/** Adds a field: name, offset in its header, length, value. */
export type Add = (name: string, at: number, length: number, value: string) => void;

/** @returns fields in the order of the bytes; whatever has no decoder is one field */
export function fieldsOf(linkType: number, frame: Uint8Array): Field[] {
  const fields: Field[] = [];
  const layer = (name: string, start: number, read: (add: Add, bytes: Uint8Array) => void) =>
    read((field, at, length, value) => {
      const [from, until] = [start + at, Math.min(frame.length, start + at + length)];
      if (from < until) fields.push({ layer: name, name: field, value, from, until });
    }, frame.subarray(start));
  const rest = (name: string, at: number) => {
    layer(name, at, (add, { length }) => add(name, 0, length, `${length} bytes`));
    return fields;
  };

  const network = {
    [LinkType.ethernet]: 14,
    [LinkType.linuxCooked]: 16,
    [LinkType.rawIp]: 0,
    [LinkType.ipv4]: 0,
  }[linkType];
  if (network === undefined) return rest('Frame', 0);
  if (linkType === LinkType.ethernet) layer('Ethernet', 0, ethernet);
  const etherType = network === 0 ? 0x0800 : u16(frame, network - 2);
  if (etherType === 0x0806) layer('ARP', network, arp);
  if (etherType === 0x0806 || frame.length < network + 20) return fields;
  if (etherType !== 0x0800) return rest('Data', network);
  layer('IPv4', network, ipv4);
  const headerLength = (u8(frame, network) & 0x0f) * 4;
  const transport = network + headerLength;
  const end = Math.min(frame.length, network + u16(frame, network + 2));
  // A later fragment begins with no header.
  if ((u16(frame, network + 6) & 0x1fff) !== 0) return rest('Fragment', transport);
  const payloadAt = (length: number) =>
    layer('Payload', transport + length, (add) =>
      add('data', 0, end - transport - length, `${Math.max(0, end - transport - length)} bytes`),
    );
  switch (u8(frame, network + 9)) {
    case 1:
      layer('ICMP', transport, icmp);
      return rest('Quoted', transport + 8);
    case 6:
      layer('TCP', transport, tcpFields);
      payloadAt((u8(frame, transport + 12) >> 4) * 4);
      return fields;
    case 17:
      layer('UDP', transport, udp);
      payloadAt(8);
      return fields;
    default:
      return rest('Data', transport);
  }
}

function ethernet(add: Add, bytes: Uint8Array): void {
  add('destination', 0, 6, hex(bytes.subarray(0, 6), ':'));
  add('source', 6, 6, hex(bytes.subarray(6, 12), ':'));
  add('type', 12, 2, named(u16(bytes, 12), { 0x0800: 'IPv4', 0x0806: 'ARP', 0x86dd: 'IPv6' }, 16));
}

function arp(add: Add, bytes: Uint8Array): void {
  add('hardware type', 0, 2, named(u16(bytes, 0), { 1: 'Ethernet' }));
  add('protocol type', 2, 2, named(u16(bytes, 2), { 0x0800: 'IPv4' }, 16));
  add('lengths', 4, 2, `${u8(bytes, 4)}, ${u8(bytes, 5)}`);
  add('operation', 6, 2, named(u16(bytes, 6), { 1: 'request', 2: 'reply' }));
  add('sender hardware', 8, 6, hex(bytes.subarray(8, 14), ':'));
  add('sender address', 14, 4, dotted(bytes, 14));
  add('target hardware', 18, 6, hex(bytes.subarray(18, 24), ':'));
  add('target address', 24, 4, dotted(bytes, 24));
}

function ipv4(add: Add, bytes: Uint8Array): void {
  const headerLength = (u8(bytes, 0) & 0x0f) * 4;
  const fragment = u16(bytes, 6);
  const flags = [fragment & 0x4000 ? 'DF' : '', fragment & 0x2000 ? 'MF' : ''].filter((flag) => flag !== '');
  add('version, header length', 0, 1, `${u8(bytes, 0) >> 4}, ${headerLength} bytes`);
  add('type of service', 1, 1, `0x${hex(bytes.subarray(1, 2))}`);
  add('total length', 2, 2, String(u16(bytes, 2)));
  add('identification', 4, 2, String(u16(bytes, 4)));
  add('flags, fragment offset', 6, 2, `${flags.join(' ') || 'none'}, ${(fragment & 0x1fff) * 8}`);
  add('time to live', 8, 1, String(u8(bytes, 8)));
  add('protocol', 9, 1, named(u8(bytes, 9), { 1: 'ICMP', 6: 'TCP', 17: 'UDP' }));
  add('header checksum', 10, 2, `0x${hex(bytes.subarray(10, 12))}`);
  add('source', 12, 4, dotted(bytes, 12));
  add('destination', 16, 4, dotted(bytes, 16));
  add('options', 20, headerLength - 20, hex(bytes.subarray(20, headerLength), ' '));
}

function udp(add: Add, bytes: Uint8Array): void {
  add('source port', 0, 2, String(u16(bytes, 0)));
  add('destination port', 2, 2, String(u16(bytes, 2)));
  add('length', 4, 2, String(u16(bytes, 4)));
  add('checksum', 6, 2, `0x${hex(bytes.subarray(6, 8))}`);
}

function icmp(add: Add, bytes: Uint8Array): void {
  add(
    'type',
    0,
    1,
    named(u8(bytes, 0), { 0: 'echo reply', 3: 'destination unreachable', 8: 'echo', 11: 'time exceeded' }),
  );
  add(
    'code',
    1,
    1,
    u8(bytes, 0) === 3 ? named(u8(bytes, 1), { 1: 'host', 3: 'port' }) : String(u8(bytes, 1)),
  );
  add('checksum', 2, 2, `0x${hex(bytes.subarray(2, 4))}`);
  add('rest', 4, 4, String(u32(bytes, 4)));
}

function named(value: number, names: Readonly<Record<number, string>>, base: 10 | 16 = 10): string {
  const text = base === 16 ? `0x${value.toString(16).padStart(4, '0')}` : String(value);
  return names[value] === undefined ? text : `${text} ${names[value]}`;
}
