/**
 * refused: nobody listens. Who is told, by whom, and at which call?
 */
import { agrees, call, complained, inScene, packet } from 'echolab/expectation';
import type { Act, Lesson } from 'echolab/lesson';

const unreachable = packet({ sender: 'server', protocol: 'icmp', type: 3, code: 3, quotedFrom: '$from' });

/** The kernel sends few ICMP errors a second to one host; here it is to send one for every datagram. */
const asks = (program: string, deadline: string): Act[] => [
  { act: 'sysctl', host: 'server', name: 'net.ipv4.icmp_ratelimit', value: '0' },
  { act: 'start', host: 'client', program, args: ['HELLO!!', deadline] },
  { act: 'exited', host: 'client', status: 1 },
];

const reset = {
  inOrder: [packet({ sender: 'client', flags: 'SYN' }), packet({ sender: 'server', flags: 'ACK RST' })],
};

const learnsLater = (name: string) =>
  agrees(
    `connect(2) and the send succeed; the ICMP error of the datagram comes back as the error of the next call, ${name}(2)`,
    {
      inOrder: [
        call({ host: 'client', step: 'connect', returned: 0, socket: '$s' }),
        call({ host: 'client', step: 'send', returned: 7, socket: '$s' }),
        call({ host: 'client', name, errno: 'ECONNREFUSED', socket: '$s' }),
      ],
    },
    { see: packet({ sender: 'client', protocol: 'udp', from: '$from', event: '$datagram' }) },
    { see: packet({ ...unreachable.fields, answers: '$datagram', logged: 'client INPUT' }) },
  );

const neverLearns = inScene(
  'unconnected',
  agrees(
    'the same ICMP error reaches the host, and no call returns it: the program waits until its deadline',
    { see: call({ host: 'client', step: 'send', returned: 7, address: '10.0.0.2:9000' }) },
    { see: packet({ sender: 'client', protocol: 'udp', from: '$from' }) },
    { see: packet({ ...unreachable.fields, logged: 'client INPUT' }) },
    { never: call({ host: 'client', errno: 'ECONNREFUSED' }) },
    { see: complained('client', 'read udp 10.0.0.2:9000: i/o timeout') },
  ),
);

export const lesson: Lesson = {
  id: 'refused',
  question: 'nobody listens: who is told?',
  section: 'Overview',
  look: 'The rows connect, send and receive of the client: in which of them does ECONNREFUSED stand?',
  surprises: [
    'A UDP send to a closed port succeeds. The error is that of an earlier datagram, returned by a later call.',
    'An unconnected UDP socket is never told: the kernel cannot know which of its many peers the error is about.',
    'ICMP errors are rate-limited by the sender’s kernel: a scan sees few of them. Here the limit is off.',
  ],
  notShown: 'A firewall that drops instead of rejecting: then nobody is told anything (lesson lost).',
  ask: [
    {
      question: 'How does the TCP client learn it, and from whom?',
      answer: 'From a RST that the server’s kernel sends for the SYN; no program of the server is asked.',
      variant: 'node-tcp',
      clauses: [reset],
    },
    {
      question: 'Which call of the connected UDP client succeeds although nobody is there?',
      answer: 'connect(2), and the send after it.',
      variant: 'libc-udp',
      clauses: [
        { see: call({ host: 'client', step: 'connect', returned: 0 }) },
        { see: call({ host: 'client', step: 'send', returned: 7 }) },
      ],
    },
    {
      question: 'The ICMP error arrives at the host of the unconnected client too. Who is told?',
      answer: 'Nobody: no call of the program returns it.',
      variant: 'node-udp',
      scene: 'unconnected',
      clauses: [
        { see: packet({ sender: 'server', protocol: 'icmp', type: 3, code: 3 }) },
        { never: call({ host: 'client', errno: 'ECONNREFUSED' }) },
      ],
    },
  ],
  scenes: [
    {
      id: 'main',
      variants: ['node-tcp', 'node-udp', 'libc-tcp', 'libc-udp'],
      story: asks('client', '2000'),
    },
    {
      id: 'unconnected',
      title: 'a client that never connects',
      waitsMs: 300,
      variants: ['node-udp', 'libc-udp'],
      story: asks('unconnected-client', '300'),
    },
  ],
  claims: [
    {
      id: 'refused',
      says: '(contrast) nobody listens',
      expect: {
        'node-tcp': agrees(
          'connect(2) is in progress; the RST makes it fail: SO_ERROR is ECONNREFUSED',
          reset,
          { see: call({ host: 'client', step: 'connect', errno: 'EINPROGRESS', socket: '$s' }) },
          { see: call({ host: 'client', flags: 'SO_ERROR', value: 'ECONNREFUSED', socket: '$s' }) },
        ),
        'libc-tcp': agrees('connect(2) waits for the RST and fails with ECONNREFUSED', reset, {
          see: call({ host: 'client', step: 'connect', errno: 'ECONNREFUSED' }),
        }),
        'node-udp': [learnsLater('recvmsg'), neverLearns],
        'libc-udp': [learnsLater('read'), neverLearns],
      },
    },
  ],
};
