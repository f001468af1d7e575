/**
 * dial: TCP and UDP programs both call connect(2). The lesson connects, looks, and closes; no byte is written.
 */
import {
  agrees,
  call,
  differs,
  inScene,
  kernel,
  packet,
  socketRow,
  through,
  type Clause,
  type Pattern,
} from './expectation.ts';
import { serverEnds, serverListens, type Lesson } from './lesson.ts';

const connectTcp = call({ host: 'client', step: 'connect', protocol: 'tcp', address: '10.0.0.2:9000' });
const connectUdp = call({ host: 'client', step: 'connect', protocol: 'udp', address: '10.0.0.2:9000' });
const socketTcp = call({ host: 'client', step: 'socket', protocol: 'tcp', socket: '$s' });
const socketUdp = call({ host: 'client', step: 'socket', protocol: 'udp', socket: '$s' });
const on = (pattern: Pattern): Pattern => ({ ...pattern, fields: { ...pattern.fields, socket: '$s' } });

export const lesson: Lesson = {
  id: 'dial',
  question: 'what does connect(2) do?',
  section: 'TCP Dialing vs UDP Dialing',
  scenes: [
    {
      id: 'main',
      variants: ['node-tcp', 'node-udp'],
      story: [
        ...serverListens,
        { act: 'start', host: 'client', args: ['-', '4000'] },
        { act: 'printed', host: 'client', line: 'connected:' },
        { act: 'state', name: 'connected' },
        { act: 'end-input', host: 'client' },
        { act: 'exited', host: 'client' },
        ...serverEnds,
      ],
    },
    {
      // The client's kernel never gets the server's first answer: connect(2) has long returned, nothing is connected.
      id: 'syn-ack-lost',
      title: 'the first SYN ACK is lost',
      waitsMs: 1000,
      variants: ['node-tcp'],
      story: [
        ...serverListens,
        { act: 'drop', host: 'client', flags: 'ACK SYN' },
        { act: 'start', host: 'client', args: ['-', '8000'] },
        { act: 'arrived', host: 'client', flags: 'ACK SYN' },
        { act: 'state', name: 'waiting' },
        { act: 'let-pass', host: 'client' },
        { act: 'end-input', host: 'client' },
        { act: 'exited', host: 'client' },
        ...serverEnds,
      ],
    },
  ],
  claims: [
    {
      id: 'both-connect',
      says: 'both dials call connect(2)',
      expect: {
        'node-tcp': agrees(
          'one connect(2) on the socket',
          { inOrder: [socketTcp, on(connectTcp)] },
          { count: call({ host: 'client', step: 'connect', protocol: 'tcp' }), is: 1 },
        ),
        'node-udp': differs(
          'one connect(2) on the socket, after a bind(2) to 0.0.0.0:0',
          'Node binds every UDP socket before anything else; Go and a C program leave that to connect(2)',
          {
            inOrder: [
              socketUdp,
              call({ host: 'client', step: 'bind', socket: '$s', address: '0.0.0.0:0', returned: 0 }),
              on(connectUdp),
            ],
          },
          { count: call({ host: 'client', step: 'connect', protocol: 'udp' }), is: 1 },
        ),
      },
    },
    {
      id: 'socket-type',
      says: 'SOCK_STREAM or SOCK_DGRAM, both SOCK_CLOEXEC|SOCK_NONBLOCK',
      expect: {
        'node-tcp': agrees('a stream socket that is closed on exec and never blocks', {
          see: call({ ...socketTcp.fields, flags: 'SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK' }),
        }),
        'node-udp': agrees('a datagram socket that is closed on exec and never blocks', {
          see: call({ ...socketUdp.fields, flags: 'SOCK_DGRAM|SOCK_CLOEXEC|SOCK_NONBLOCK' }),
        }),
      },
    },
    {
      id: 'tcp-einprogress',
      says: 'TCP connect returns EINPROGRESS',
      expect: {
        'node-tcp': agrees('-1 EINPROGRESS', {
          see: call({ ...connectTcp.fields, returned: -1, errno: 'EINPROGRESS' }),
        }),
      },
    },
    {
      id: 'in-progress-means-it',
      says: '(addition) EINPROGRESS is not "connected"',
      expect: {
        'node-tcp': inScene(
          'syn-ack-lost',
          agrees(
            'with the first SYN ACK lost the socket stays in SYN-SENT for a second, then SO_ERROR is 0',
            {
              inOrder: [
                call({ ...connectTcp.fields, errno: 'EINPROGRESS', socket: '$s' }),
                socketRow({ host: 'client', moment: 'waiting', state: 'SYN-SENT', peer: '10.0.0.2:9000' }),
                packet({ sender: 'server', flags: 'ACK SYN', repeated: true }),
                call({ host: 'client', name: 'getsockopt', flags: 'SO_ERROR', value: '0', socket: '$s' }),
              ],
            },
            {
              earlier: call({ ...connectTcp.fields, errno: 'EINPROGRESS', socket: '$s' }),
              later: call({
                host: 'client',
                name: 'getsockopt',
                flags: 'SO_ERROR',
                value: '0',
                socket: '$s',
              }),
              atLeastMs: 900,
            },
          ),
        ),
      },
    },
    {
      id: 'udp-zero',
      says: 'UDP connect returns 0',
      expect: { 'node-udp': agrees('0, at once', { see: call({ ...connectUdp.fields, returned: 0 }) }) },
    },
    {
      id: 'tcp-transmits',
      says: 'TCP connect transmits',
      expect: {
        'node-tcp': agrees(
          'the SYN leaves within connect(2), the FIN by shutdown(2) or close(2)',
          { see: call({ ...connectTcp.fields, socket: '$s', local: '$local' }) },
          { see: packet({ sender: 'client', flags: 'SYN', from: '$local', by: 'connect', within: true }) },
          {
            see: packet({
              sender: 'client',
              flags: 'ACK FIN',
              from: '$local',
              by: { oneOf: ['shutdown', 'close'] },
            }),
          },
        ),
      },
    },
    {
      id: 'udp-silent',
      says: 'UDP connect transmits nothing',
      expect: {
        'node-udp': agrees(
          'nothing leaves the client, not even ARP',
          { see: call({ ...connectUdp.fields, returned: 0 }) },
          { never: packet({ sender: 'client' }) },
        ),
      },
    },
    {
      id: 'udp-connect-sets',
      says: '(addition) what UDP connect does instead: it sets the addresses',
      expect: {
        'node-udp': agrees(
          'the socket has an address and a peer, in the host’s table and for getsockname(2) and getpeername(2)',
          { see: call({ ...connectUdp.fields, returned: 0, socket: '$s' }) },
          {
            see: socketRow({
              ...{ host: 'client', moment: 'connected', protocol: 'udp' },
              ...{ local: '10.0.0.1:$port', peer: '10.0.0.2:9000' },
            }),
          },
          { see: call({ host: 'client', name: 'getsockname', socket: '$s', address: '10.0.0.1:$port' }) },
          { see: call({ host: 'client', name: 'getpeername', socket: '$s', address: '10.0.0.2:9000' }) },
          { never: socketRow({ host: 'client', protocol: 'udp', moment: { oneOf: ['before', 'after'] } }) },
        ),
      },
    },
    {
      id: 'only-tcp-logs',
      says: 'only [TCP] lines: SYN, ACK, ACK FIN, ACK',
      expect: {
        'node-tcp': agrees('these four on the client’s OUTPUT, in this order', {
          list: packet({ logged: 'client OUTPUT', protocol: 'tcp' }),
          field: 'flags',
          is: ['SYN', 'ACK', 'ACK FIN', 'ACK'],
          fold: 'ACK',
        }),
        'node-udp': agrees(
          'no line at all on the client’s OUTPUT',
          { see: connectUdp },
          { never: packet({ logged: 'client OUTPUT' }) },
        ),
      },
    },
    {
      id: 'tcp-stack',
      says: 'connect reaches tcp_transmit_skb through tcp_v4_connect',
      expect: {
        'node-tcp': agrees(
          'something leaves the client on this stack: connect → tcp_v4_connect → tcp_connect → tcp_transmit_skb',
          { see: call({ ...connectTcp.fields, socket: '$s', id: '$connect' }) },
          {
            see: kernel({
              ...{ host: 'client', name: 'net_dev_queue', call: '$connect' },
              stack: through('tcp_v4_connect', 'tcp_connect', 'tcp_transmit_skb', 'dev_queue_xmit'),
            }),
          },
        ),
      },
    },
    {
      id: 'udp-stack',
      says: 'UDP connect: ip4_datagram_connect, nothing more',
      expect: {
        'node-udp': agrees(
          'under connect the kernel looks a route up in ip4_datagram_connect, and queues no packet',
          { see: call({ ...connectUdp.fields, returned: 0, id: '$connect' }) },
          {
            see: kernel({
              ...{ host: 'client', name: 'fib_table_lookup', call: '$connect' },
              stack: through('ip4_datagram_connect'),
            }),
          },
          { never: kernel({ name: 'net_dev_queue', call: '$connect' }) },
        ),
      },
    },
    {
      id: 'tcp-many',
      says: 'a TCP dial runs many tcp_* functions',
      expect: { 'node-tcp': agrees('the client runs 40 tcp_* functions or more', functions('tcp_', 40)) },
    },
    {
      id: 'udp-few',
      says: 'a UDP dial runs few udp_* functions',
      expect: { 'node-udp': agrees('the client runs 20 udp_* functions or fewer', functions('udp_', 1, 20)) },
    },
  ],
};

/** Under the client's threads; on one machine some of them do the server's work, in softirqs. */
function functions(begins: string, atLeast: number, atMost?: number): Clause {
  const called = kernel({ threadHost: 'client', name: 'function', function: { begins } });
  return { distinct: called, field: 'function', atLeast, ...(atMost !== undefined && { atMost }) };
}
