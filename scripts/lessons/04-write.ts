/**
 * write: a message leaves on a connected socket. Which call is it, and where does the datagram go?
 */
import { agrees, call, differs, kernel, packet, through, type Clause } from 'echolab/expectation';
import type { Lesson, Protocol } from 'echolab/lesson';
import { echoStory } from 'echolab/stories';

const sends = (protocol: Protocol) =>
  call({ host: 'client', step: 'send', protocol, address: null, bytes: { atLeast: 1 }, socket: '$s' });

const toThePeer = agrees(
  'a send without a destination reaches the address that connect(2) has set',
  { inOrder: [call({ host: 'client', step: 'connect', socket: '$s', address: '$peer' }), sends('udp')] },
  { see: call({ ...sends('udp').fields, data: '$message' }) },
  { see: packet({ sender: 'client', to: '$peer', payload: '$message', by: 'send' }) },
  { see: call({ host: 'server', step: 'receive', data: '$message' }) },
);

const isWrite = (protocol: Protocol) =>
  agrees(
    'write(2)',
    { see: call({ ...sends(protocol).fields, name: 'write' }) },
    { never: call({ host: 'client', step: 'send', name: { oneOf: ['sendto', 'sendmsg', 'sendmmsg'] } }) },
  );

/** What the client's send gives to the interface, and on which stack. */
const leavesThrough = (name: string, ...path: string[]): Clause[] => [
  { see: call({ ...sends('udp').fields, name, id: '$send' }) },
  {
    see: kernel({ host: 'client', name: 'net_dev_queue', call: '$send', stack: through(...path) }),
  },
];

export const lesson: Lesson = {
  id: 'write',
  question: 'what does a write to a connected socket do?',
  section: 'Writing to a UDP “connection”',
  look: 'The row send of the client: the call names no destination, the packet below it has one.',
  surprises: [
    'Node never calls write(2) on a UDP socket: libuv’s one function for all sends is sendmsg(2), with msg_name=NULL here.',
    'For TCP Node and C make the same call, write(2).',
    'The call returns when the kernel has the bytes. That the packet is on the link by then is luck of a short queue.',
  ],
  notShown: 'A write that has to wait (lesson blocked); an error that comes back later (lesson refused).',
  ask: [
    {
      question: 'The send names no destination. Who chose it, and when?',
      answer: 'connect(2), earlier: the kernel keeps the peer in the socket.',
      variant: 'node-udp',
      clauses: [{ inOrder: [call({ host: 'client', step: 'connect', socket: '$s' }), sends('udp')] }],
    },
    {
      question: 'How many datagrams does one write make?',
      answer: 'One, as long as the write: UDP keeps what was written together together.',
      variant: 'libc-udp',
      clauses: [
        { count: packet({ sender: 'client', protocol: 'udp' }), is: 1 },
        {
          sameBytes: [
            call({ host: 'client', step: 'send', protocol: 'udp' }),
            packet({ sender: 'client', protocol: 'udp' }),
          ],
        },
      ],
    },
    {
      question: 'Does anybody tell the client’s kernel that the message has arrived?',
      answer: 'With TCP the server’s kernel: an ACK. With UDP nobody; see the same row there.',
      variant: 'libc-tcp',
      clauses: [
        { see: packet({ sender: 'client', payloadLength: { atLeast: 1 }, event: '$data' }) },
        { see: packet({ sender: 'server', protocol: 'tcp', answers: '$data' }) },
      ],
    },
  ],
  scenes: [{ id: 'main', variants: ['node-tcp', 'node-udp', 'libc-tcp', 'libc-udp'], story: echoStory }],
  claims: [
    {
      id: 'connect-default',
      says: 'a connected UDP socket sends to that address by default',
      expect: { 'node-udp': toThePeer, 'libc-udp': toThePeer },
    },
    {
      id: 'write-is-write',
      says: 'writing is write(2)',
      expect: {
        'node-tcp': isWrite('tcp'),
        'node-udp': differs(
          'sendmsg(2) with msg_name=NULL',
          'libuv sends every datagram by sendmsg(2), with an address or without; the kernel’s way is the same from udp_sendmsg on',
          { see: call({ ...sends('udp').fields, name: 'sendmsg' }) },
          { never: call({ host: 'client', protocol: 'udp', name: 'write' }) },
        ),
        'libc-tcp': isWrite('tcp'),
        'libc-udp': isWrite('udp'),
      },
    },
    {
      id: 'write-path',
      says: 'write → vfs_write → sock_write_iter → … udp_sendmsg → ip_send_skb',
      expect: {
        'libc-udp': agrees(
          'the datagram leaves on this stack: vfs_write → sock_write_iter → udp_sendmsg → ip_send_skb',
          ...leavesThrough('write', 'vfs_write', 'sock_write_iter', 'udp_sendmsg', 'ip_send_skb'),
        ),
        'node-udp': differs(
          'it enters by sendmsg(2); the same from udp_sendmsg on',
          'sendmsg(2) is a call of the socket layer and does not pass through files (vfs)',
          ...leavesThrough('sendmsg', '__sys_sendmsg', 'udp_sendmsg', 'ip_send_skb'),
          { never: kernel({ name: 'net_dev_queue', call: '$send', stack: through('vfs_write') }) },
        ),
      },
    },
  ],
};
