import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describe } from './describe.ts';
import { readPackets } from './pcap.ts';

test('a recorded capture in words', () => {
  const file = readFileSync(new URL('fixtures/client.pcap', import.meta.url));
  const { packets } = readPackets(file, 'client.pcap');
  expect(`\n${packets.map(({ packet }) => describe(packet)).join('\n')}\n`).toMatchInlineSnapshot(`
    "
    ARP who has 10.0.0.2? tell 10.0.0.1
    ARP 10.0.0.2 is here, to 10.0.0.1
    10.0.0.1:37022 → 10.0.0.2:9000 TCP SYN seq 3602453444 len 0
    10.0.0.2:9000 → 10.0.0.1:37022 TCP ACK SYN seq 598832406 ack 3602453445 len 0
    10.0.0.1:37022 → 10.0.0.2:9000 TCP ACK seq 3602453445 ack 598832407 len 0
    10.0.0.1:37022 → 10.0.0.2:9000 TCP ACK PSH seq 3602453445 ack 598832407 len 12
    10.0.0.2:9000 → 10.0.0.1:37022 TCP ACK seq 598832407 ack 3602453457 len 0
    10.0.0.2:9000 → 10.0.0.1:37022 TCP ACK PSH seq 598832407 ack 3602453457 len 12
    10.0.0.1:37022 → 10.0.0.2:9000 TCP ACK seq 3602453457 ack 598832419 len 0
    10.0.0.1:37022 → 10.0.0.2:9000 TCP ACK FIN seq 3602453457 ack 598832419 len 0
    10.0.0.2:9000 → 10.0.0.1:37022 TCP ACK FIN seq 598832419 ack 3602453458 len 0
    10.0.0.1:37022 → 10.0.0.2:9000 TCP ACK seq 3602453458 ack 598832420 len 0
    10.0.0.1:52840 → 10.0.0.2:9999 TCP CWR ECE SYN seq 2768389471 len 0
    10.0.0.2:9999 → 10.0.0.1:52840 TCP ACK RST seq 0 ack 2768389472 len 0
    10.0.0.1:33690 → 10.0.0.2:9001 UDP len 9
    10.0.0.2:9001 → 10.0.0.1:33690 UDP len 9
    10.0.0.1:33690 → 10.0.0.2:9001 UDP len 0
    10.0.0.2:9001 → 10.0.0.1:33690 UDP len 0
    10.0.0.1:54685 → 10.0.0.2:9001 UDP len 1300, first fragment of id 56024
    10.0.0.1 → 10.0.0.2 fragment of udp, id 56024, offset 576
    10.0.0.1 → 10.0.0.2 fragment of udp, id 56024, offset 1152, the last
    10.0.0.2:9001 → 10.0.0.1:54685 UDP len 20
    10.0.0.1:60497 → 10.0.0.2:9998 UDP len 6
    ICMP 3/3 port unreachable (udp 10.0.0.1:60497 → 10.0.0.2:9998)
    10.0.0.1:52842 → 10.0.0.2:9999 TCP CWR ECE SYN seq 3519146026 len 0
    10.0.0.2:9999 → 10.0.0.1:52842 TCP ACK RST seq 0 ack 3519146027 len 0
    ICMP 8/0 echo request 10.0.0.1 → 10.0.0.2
    ICMP 0/0 echo reply 10.0.0.2 → 10.0.0.1
    10.0.0.1 → 10.0.0.2 IP protocol 132
    ICMP 3/2 protocol unreachable 10.0.0.2 → 10.0.0.1
    "
  `);
});

test('words for what the capture does not hold', () => {
  const ip = { src: '10.0.0.1', dst: '10.0.0.2', id: 1, ttl: 64, length: 84 };
  expect(describe({ protocol: 'icmp', ...ip, type: 40, code: 2 })).toBe('ICMP 40/2 10.0.0.1 → 10.0.0.2');
  expect(describe({ protocol: 'other', what: 'IPv6' })).toBe('IPv6');
});
