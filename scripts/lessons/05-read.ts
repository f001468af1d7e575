/**
 * read: an answer is taken from a connected socket, or waited for in vain.
 */
import { agrees, call, complained, differs, inScene, kernel, through } from 'echolab/expectation';
import type { Lesson, Protocol } from 'echolab/lesson';
import { echoStory, replyLost, serverEnds, serverListens } from 'echolab/stories';

const receives = (protocol: Protocol) =>
  call({ host: 'client', step: 'receive', protocol, bytes: { atLeast: 1 } });

const isRead = (protocol: Protocol) =>
  agrees(
    'read(2)',
    { see: call({ ...receives(protocol).fields, name: 'read' }) },
    {
      never: call({ host: 'client', step: 'receive', name: { oneOf: ['recvfrom', 'recvmsg', 'recvmmsg'] } }),
    },
  );

const timedOut = complained('client', 'read udp 10.0.0.2:9000: i/o timeout');

export const lesson: Lesson = {
  id: 'read',
  question: 'what does a read do when nothing comes?',
  section: 'Receiving from a UDP “connection” in a client',
  look: 'The scene “no answer arrives”: where does the client’s thread wait, in the read or in epoll?',
  surprises: [
    'Go’s read looks as if it blocked, and so does the article; the thread waits in epoll, as Node’s does.',
    'A deadline leaves no trace on the socket in Node: it is the timeout of epoll_pwait(2).',
    'read(2) on a connected UDP socket does not say who sent; recvfrom(2) does, although there is only one who may.',
  ],
  notShown: 'A read of a file or a pipe: it takes the same way through vfs_read and then another.',
  ask: [
    {
      question: 'How long does the libc client’s read(2) take when no answer comes?',
      answer: 'As long as SO_RCVTIMEO says, 300 ms, and a little more; then -1 EAGAIN.',
      variant: 'libc-udp',
      scene: 'no-answer',
      clauses: [{ see: call({ host: 'client', name: 'read', errno: 'EAGAIN', lastedMs: { atLeast: 290 } }) }],
    },
    {
      question: 'And Node’s recvmsg(2)?',
      answer: 'It is not called at all: epoll_pwait(2) waits, and says that there is nothing to receive.',
      variant: 'node-udp',
      scene: 'no-answer',
      clauses: [
        { see: call({ host: 'client', name: 'epoll_pwait', returned: 0, lastedMs: { atLeast: 100 } }) },
        { never: call({ host: 'client', step: 'receive', protocol: 'udp', bytes: { atLeast: 1 } }) },
      ],
    },
    {
      question: 'Does the server learn that its answer has not been read?',
      answer: 'No: its sendmsg(2) has returned the whole count.',
      variant: 'node-udp',
      scene: 'no-answer',
      clauses: [{ see: call({ host: 'server', step: 'send', protocol: 'udp', returned: 7 }) }],
    },
  ],
  scenes: [
    { id: 'main', variants: ['node-tcp', 'node-udp', 'libc-tcp', 'libc-udp'], story: echoStory },
    {
      id: 'recvfrom',
      title: 'recvfrom(2) on a connected socket',
      variants: ['libc-udp'],
      story: [
        ...serverListens,
        { act: 'start', host: 'client', program: 'recvfrom-client', args: ['HELLO!!', '4000'] },
        { act: 'exited', host: 'client' },
        ...serverEnds,
      ],
    },
    {
      id: 'no-answer',
      title: 'no answer arrives',
      waitsMs: 300,
      variants: ['node-udp', 'libc-udp'],
      story: replyLost,
    },
  ],
  claims: [
    {
      id: 'read-is-read',
      says: 'the client’s read is read(2)',
      expect: {
        'node-tcp': isRead('tcp'),
        'node-udp': differs(
          'recvmsg(2)',
          'libuv receives every datagram by recvmsg(2), so that it has the sender’s address, needed or not',
          { see: call({ ...receives('udp').fields, name: 'recvmsg' }) },
          { never: call({ host: 'client', protocol: 'udp', name: 'read' }) },
        ),
        'libc-tcp': isRead('tcp'),
        'libc-udp': isRead('udp'),
      },
    },
    {
      id: 'client-readfrom',
      says: '(its code) the client calls ReadFrom on a connected socket',
      expect: {
        'libc-udp': inScene(
          'recvfrom',
          agrees('recvfrom(2), which fills in the peer’s address', {
            inOrder: [
              call({ host: 'client', step: 'connect', socket: '$s', address: '$peer' }),
              call({ ...receives('udp').fields, name: 'recvfrom', socket: '$s', address: '$peer' }),
            ],
          }),
        ),
      },
    },
    {
      id: 'read-path',
      says: 'vfs_read → sock_read_iter → … __skb_recv_udp',
      expect: {
        'libc-udp': inScene(
          'no-answer',
          agrees(
            'the waiting reader sleeps on this stack: vfs_read → sock_read_iter → udp_recvmsg → __skb_recv_udp',
            { see: call({ host: 'client', name: 'read', protocol: 'udp', id: '$read' }) },
            {
              see: kernel({
                ...{ name: 'sched_switch', call: '$read' },
                stack: through('vfs_read', 'sock_read_iter', 'udp_recvmsg', '__skb_recv_udp'),
              }),
            },
          ),
        ),
      },
    },
    {
      id: 'read-blocks',
      says: 'a read blocks, perhaps for ever',
      expect: {
        'libc-udp': inScene(
          'no-answer',
          agrees('the thread is inside read(2) until the deadline', {
            see: call({ host: 'client', name: 'read', protocol: 'udp', lastedMs: { atLeast: 290 } }),
          }),
        ),
        'node-udp': inScene(
          'no-answer',
          differs(
            'the thread waits in epoll_pwait(2); no receive lasts',
            'the socket never blocks; Go waits in the same way, and only the goroutine blocks',
            { see: call({ host: 'client', name: 'epoll_pwait', returned: 0, lastedMs: { atLeast: 100 } }) },
            { never: call({ host: 'client', step: 'receive', tookMs: { atLeast: 100 } }) },
          ),
        ),
      },
    },
    {
      id: 'read-deadline',
      says: 'a deadline ends it: i/o timeout',
      expect: {
        'libc-udp': inScene(
          'no-answer',
          agrees(
            'SO_RCVTIMEO: read(2) fails with EAGAIN',
            {
              inOrder: [
                call({
                  ...{ host: 'client', name: 'setsockopt', socket: '$s' },
                  flags: { oneOf: ['SO_RCVTIMEO', 'SO_RCVTIMEO_OLD', 'SO_RCVTIMEO_NEW'] },
                }),
                call({ host: 'client', name: 'read', socket: '$s', errno: 'EAGAIN' }),
              ],
            },
            { see: timedOut },
          ),
        ),
        'node-udp': inScene(
          'no-answer',
          differs(
            'the timeout of epoll_pwait(2); nothing is set on the socket',
            'AbortSignal.timeout() is a timer of the event loop; the socket stays open and knows of nothing',
            { see: call({ host: 'client', name: 'epoll_pwait', returned: 0, lastedMs: { atLeast: 100 } }) },
            { see: timedOut },
            { never: call({ host: 'client', name: 'setsockopt', protocol: 'udp' }) },
          ),
        ),
      },
    },
  ],
};
