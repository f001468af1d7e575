/** Lines of `strace -k` 6.1 as they were recorded, of Node 26 with and without V8's names. */
import { expect, test } from 'vitest';
import { readFrame } from './frame.ts';

const node = '/run/echolab/node';

test.each([
  [
    ' > /usr/lib/x86_64-linux-gnu/libc.so.6(recvmsg+0x57) [0x10aae7]',
    { module: '/usr/lib/x86_64-linux-gnu/libc.so.6', symbol: 'recvmsg', offset: 0x57, address: 0x10aae7n },
  ],
  [
    ` > ${node}(node::Start(int, char**)+0x37e) [0x594dfe]`,
    { module: node, symbol: 'node::Start(int, char**)', offset: 0x37e, address: 0x594dfen },
  ],
  [
    ` > ${node}(v8::internal::(anonymous namespace)::Invoke(v8::internal::Isolate*, v8::internal::(anonymous namespace)::InvokeParams const&)+0x64f) [0xa54f4f]`,
    {
      ...{ module: node, offset: 0x64f, address: 0xa54f4fn },
      symbol:
        'v8::internal::(anonymous namespace)::Invoke(v8::internal::Isolate*, v8::internal::(anonymous namespace)::InvokeParams const&)',
    },
  ],
  [` > ${node}() [0x1636ae9]`, { module: node, address: 0x1636ae9n }],
  [
    ' > unexpected_backtracing_error [0x7fc99c01c124]',
    { module: 'unexpected_backtracing_error', address: 0x7fc99c01c124n },
  ],
])('%s', (line, frame) => {
  expect(readFrame(line)).toEqual(frame);
});
