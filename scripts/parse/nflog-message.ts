import { latin1, u32, u8, type ByteOrder } from './bytes.ts';

export interface NflogMessage {
  /** As the rule gave it, without the terminating zero; '' for a rule without. */
  prefix: string;
  /** Netfilter's number: 1 LOCAL_IN (INPUT), 3 LOCAL_OUT (OUTPUT); linux/netfilter.h, enum nf_inet_hooks. */
  hook: number;
  /** Interface indices, of the way in or of the way out. */
  indev: number | undefined;
  outdev: number | undefined;
  /** Owner of the socket, where the packet has one already: mostly on OUTPUT. */
  uid: number | undefined;
  gid: number | undefined;
  /** The Ethernet header, on INPUT. */
  hardwareHeader: Uint8Array | undefined;
  /** The packet from its IP header on. */
  payload: Uint8Array;
}

/** Attribute numbers, linux/netfilter/nfnetlink_log.h, enum nfulnl_attr_type. */
const Attribute = {
  packetHeader: 1,
  indev: 4,
  outdev: 5,
  payload: 9,
  prefix: 10,
  uid: 11,
  gid: 14,
  hardwareHeader: 16,
} as const;

/**
 * One message of netfilter's NFLOG, https://www.tcpdump.org/linktypes/LINKTYPE_NFLOG.html; or, as text, why it
 * cannot be read.
 *
 *     0 address family (1)   1 version (1)   2 resource id, the group (2)   then attributes, each padded to 4 bytes:
 *     0 length, these 4 bytes included (2)   2 type (2)   4 value
 *
 * Length and type have the byte order of the capturing machine, values are big-endian.
 */
export function readNflogMessage(message: Uint8Array, order: ByteOrder): NflogMessage | string {
  if (message.length < 4) return `NFLOG message of ${message.length} bytes, needs 4`;
  const attributes = new Map<number, Uint8Array>();
  let at = 4;
  while (at < message.length) {
    const left = message.length - at;
    const length = order.u16(message, at);
    if (left < 4 || length < 4 || length > left) {
      return `NFLOG attribute at byte ${at} says that it is ${length} bytes long, ${left} are left`;
    }
    attributes.set(order.u16(message, at + 2), message.subarray(at + 4, at + length));
    at += Math.ceil(length / 4) * 4;
  }
  const number = (type: number): number | undefined => {
    const value = attributes.get(type);
    return value && u32(value, 0);
  };
  const header = attributes.get(Attribute.packetHeader);
  const payload = attributes.get(Attribute.payload);
  if (header === undefined || payload === undefined) return 'NFLOG message without packet header or payload';
  return {
    prefix: latin1(attributes.get(Attribute.prefix) ?? new Uint8Array()).replace(/\0$/, ''),
    hook: u8(header, 2),
    indev: number(Attribute.indev),
    outdev: number(Attribute.outdev),
    uid: number(Attribute.uid),
    gid: number(Attribute.gid),
    hardwareHeader: attributes.get(Attribute.hardwareHeader),
    payload,
  };
}
