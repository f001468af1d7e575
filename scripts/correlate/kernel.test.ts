/** What the kernel's events have to do with the calls and the packets, in scenes of a recorded run (Linux 6.18). */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readWhole } from '../live/reference.ts';
import type { CallEvent, KernelEvent, PacketEvent } from '../model/event.ts';
import { callOf } from '../parse/kernel-functions.ts';
import { timelineOf, type Timeline } from './timeline.ts';

const { run, files } = await readWhole(fileURLToPath(new URL('fixtures/linux-6.18', import.meta.url)));

function timeline(folder: string): Timeline {
  const scene = run.scenes.find((one) => one.folder === folder);
  if (scene === undefined) throw new Error(`no scene ${folder}`);
  return timelineOf(run, scene, files.get(scene) ?? new Map());
}

const scenes = run.scenes.map(({ folder }) => folder);
const kernel = ({ events }: Timeline, name: string) =>
  events.filter((event): event is KernelEvent => event.kind === 'kernel' && event.name === name);
const packets = ({ events }: Timeline) =>
  events.filter((event): event is PacketEvent => event.kind === 'packet');
const calls = ({ events }: Timeline) => events.filter((event): event is CallEvent => event.kind === 'call');
const packetOf = (scene: Timeline, event: KernelEvent | undefined) =>
  packets(scene).find(({ id }) => id === event?.packet);

test.each(scenes)('%s: every line is read, every packet was queued, every cause is measured', (folder) => {
  const scene = timeline(folder);
  expect(scene.problems).toEqual([]);
  const queued = kernel(scene, 'net_dev_queue');
  expect(packets(scene).length).toBeGreaterThan(2);
  for (const packet of packets(scene)) {
    expect(queued.filter((event) => event.packet === packet.id)).toHaveLength(1);
    expect(packet.cause, packet.id).toMatchObject({ certainty: 'measured' });
  }
});

test.each(scenes)('%s: an event lies within its call, and has it at the bottom of its stack', (folder) => {
  const scene = timeline(folder);
  const byId = new Map(calls(scene).map((call) => [call.id, call]));
  const joined = scene.events.filter(
    (event): event is KernelEvent => event.kind === 'kernel' && event.call !== undefined,
  );
  expect(joined.length).toBeGreaterThan(3);
  for (const event of joined) {
    const call = byId.get(event.call ?? '');
    expect(call).toMatchObject({ host: event.threadHost, pid: event.pid });
    expect(call?.atNs).toBeLessThan(event.atNs);
    expect(event.atNs).toBeLessThan(call?.untilNs ?? Infinity);
    const bottom = callOf([...event.stack, ...event.beyond]);
    expect(bottom).toBe(call?.name.replace('accept4', 'accept'));
  }
});

test('the SYN leaves in connect(2), the answers to it in the softirq below it', () => {
  const scene = timeline('dial/libc-tcp/nonblocking');
  const connect = calls(scene).find(({ step, host }) => step === 'connect' && host === 'client');
  const leaving = kernel(scene, 'net_dev_queue').map((event) => ({
    flags: flagsOf(packetOf(scene, event)),
    call: event.call,
    host: event.host,
    own: event.stack.includes('tcp_connect'),
    beyond: event.beyond.some((name) => /^tcp_v4_rcv$/.test(name)),
  }));
  const of = (flags: string) => leaving.find((one) => one.flags === flags);
  // The SYN had to wait for the neighbour's address, and leaves when the ARP reply has come: still in the call.
  expect(of('SYN')).toMatchObject({ call: connect?.id, host: 'client', own: true });
  expect(of('ACK SYN')).toMatchObject({ call: connect?.id, host: 'server', beyond: true });
  // Nothing of the server's is on the client's own part of the stack.
  for (const { stack, host } of kernel(scene, 'net_dev_queue').filter((one) => one.host === 'server')) {
    expect(
      stack.some((name) => name.startsWith('tcp_v4_rcv')),
      host,
    ).toBe(false);
  }
  expect(connect?.kernelNs?.from).toBeGreaterThan(connect?.atNs ?? Infinity);
  expect(connect?.kernelNs?.until).toBeLessThan(connect?.untilNs ?? 0);
});

test('a datagram that netfilter drops: where it had arrived, with the reason', () => {
  const scene = timeline('lost/libc-udp');
  const drops = kernel(scene, 'kfree_skb').filter(({ fields }) => fields['reason'] === 'NETFILTER_DROP');
  const ofLesson = drops.filter(({ packet }) => packet !== undefined);
  expect(ofLesson).toHaveLength(1);
  expect(ofLesson[0]).toMatchObject({ host: 'server', threadHost: 'client' });
  expect(packetOf(scene, ofLesson[0])?.packet).toMatchObject({ protocol: 'udp', payloadLength: 7 });
});

test('a SYN that is sent again: the timer’s, not the call’s', () => {
  const scene = timeline('lost/libc-tcp/syn-lost');
  const again = kernel(scene, 'tcp_retransmit_skb');
  expect(again).toHaveLength(1);
  expect(packetOf(scene, again[0])).toMatchObject({ host: 'client', cause: { by: 'timer' } });
  expect(flagsOf(packetOf(scene, again[0]))).toBe('SYN');
});

test('a port where nobody listens: RST or ICMP, and the error for the socket', () => {
  const tcp = timeline('refused/libc-tcp');
  const [reset] = kernel(tcp, 'tcp_send_reset').filter(({ packet }) => packet !== undefined);
  expect(reset).toMatchObject({ host: 'server', local: '10.0.0.2:9000', fields: { reason: 'NO_SOCKET' } });
  expect(flagsOf(packetOf(tcp, reset))).toBe('SYN');
  const [received] = kernel(tcp, 'tcp_receive_reset').filter(({ packet }) => packet !== undefined);
  expect(received).toMatchObject({ host: 'client', peer: '10.0.0.2:9000' });
  expect(flagsOf(packetOf(tcp, received))).toMatch(/RST/);
  // strace never sees the port of a connect(2) that fails: only the stack tells what has sent this SYN.
  const syn = packets(tcp).find((packet) => flagsOf(packet) === 'SYN');
  const connect = calls(tcp).find(({ step }) => step === 'connect');
  expect(syn?.cause).toMatchObject({ event: connect?.id, by: 'connect', certainty: 'measured' });

  const udp = timeline('refused/libc-udp');
  const [icmp] = kernel(udp, 'icmp_send');
  expect(icmp).toMatchObject({ host: 'server', fields: { type: '3', code: '3' } });
  expect(packetOf(udp, icmp)?.packet).toMatchObject({ protocol: 'udp', dport: 9000 });
  const [error] = kernel(udp, 'inet_sk_error_report');
  expect(error).toMatchObject({ host: 'client', fields: { error: '111' } });
  expect(packetOf(udp, error)?.packet.protocol).toBe('icmp');
});

const flagsOf = (event: PacketEvent | undefined): string =>
  event?.packet.protocol === 'tcp' ? event.packet.flags : (event?.packet.protocol ?? '');
