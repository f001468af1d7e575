/** On lines of `strace -k`, of V8's map and of symbol tables as they were recorded: Node 26, strace 6.1 of Debian 12, 6.13 of 13. */
import { parseStrace } from 'strace-parser';
import { expect, test } from 'vitest';
import { readNames, readUserStack } from './user-stack.ts';

const scriptNames = readNames(
  '7fc93801c040 23c JS:~doConnect node:dgram:576:19\n7fc938007840 23c Script:~ file:///run/echolab/lab/node/udp-client.ts:1:1\n',
);

function stackOf(log: string, names = scriptNames): string[] {
  const [call] = parseStrace(Buffer.from(log));
  return readUserStack(call?.kind === 'call' ? (call.stack ?? []) : [], names);
}

const libc = '/usr/lib/x86_64-linux-gnu/libc.so.6';
const node = '/run/echolab/node';

test('the event loop: outermost first, without arguments, without what starts a program', () => {
  const log = `779   recvmsg(21<UDP:[10.0.0.2:9000]>, {msg_namelen=128}, 0) = -1 EAGAIN (Resource temporarily unavailable)
 > ${libc}(recvmsg+0x57) [0x10aae7]
 > ${node}(uv__udp_recvmsg+0x141) [0x161f0f1]
 > ${node}(uv__udp_io+0x2a) [0x161ef4a]
 > ${node}(uv__io_poll+0x4a1) [0x1622da1]
 > ${node}(uv_run+0x210) [0x1610340]
 > ${node}(node::SpinEventLoopInternal(node::Environment*)+0x1a5) [0x4bb855]
 > ${node}(node::NodeMainInstance::Run()+0x114) [0x6580c4]
 > ${node}(node::Start(int, char**)+0x37e) [0x594dfe]
 > ${libc}(__libc_init_first+0x8a) [0x2724a]
 > ${libc}(__libc_start_main+0x85) [0x27305]
 > ${node}(_start+0x2e) [0x4ae86e]
`;
  expect(stackOf(log)).toEqual([
    ...['node::Start', 'node::NodeMainInstance::Run', 'node::SpinEventLoopInternal'],
    ...['uv_run', 'uv__io_poll', 'uv__udp_io', 'uv__udp_recvmsg', 'recvmsg'],
  ]);
});

test('a function of JavaScript is named by V8’s map, and stays unnamed without it; it calls through one of V8’s', () => {
  const log = (address: string) => `779   connect(21<UDP:[0.0.0.0:42806]>, {sa_family=AF_UNSPEC}, 16) = 0
 > ${libc}(__connect+0x4b) [0x10a7fb]
 > ${node}(uv__udp_connect+0x49) [0x161faa9]
 > ${node}(node::UDPWrap::DoConnect(v8::FunctionCallbackInfo<v8::Value> const&, int)+0x11d) [0x79d91d]
 > ${node}() [0x1636ae9]
 > unexpected_backtracing_error [${address}]
`;
  const below = ['V8 (unnamed)', 'node::UDPWrap::DoConnect', 'uv__udp_connect', 'connect'];
  expect(stackOf(log('0x7fc93801c124'))).toEqual(['JavaScript doConnect (node:dgram:576)', ...below]);
  expect(stackOf(log('0x7fc93800787f'))).toEqual(['JavaScript (udp-client.ts:1)', ...below]);
  expect(stackOf(log('0x7fc93801c27c'))).toEqual(['JavaScript (unnamed)', ...below]);
});

test('of what the C library does inside, only what was called and the call', () => {
  const log = `11038 openat(AT_FDCWD</tmp>, "/etc/hosts", O_RDONLY|O_CLOEXEC) = 24</etc/hosts>
 > ${libc}(__open64_nocancel+0x41) [0xfd001]
 > ${libc}(_IO_file_open+0xc5) [0x81a65]
 > ${libc}(__nss_files_fopen+0xd) [0x1337ad]
 > ${libc}(getaddrinfo+0x1c26) [0xf1896]
 > ${node}(uv__getaddrinfo_work+0x1e) [0x1616b4e]
 > ${node}(worker+0xce) [0x160c97e]
 > ${libc}(pthread_condattr_setpshared+0x515) [0x891f5]
 > ${libc}(__xmknodat+0x23c) [0x1098ec]
`;
  expect(stackOf(log)).toEqual(['worker', 'uv__getaddrinfo_work', 'getaddrinfo', 'open64_nocancel']);
});

const trixie = `788   connect(22<UDP:[0.0.0.0:38803]>, {sa_family=AF_INET, sin_port=htons(9000), sin_addr=inet_addr("10.0.0.2")}, 16) = 0
 > ${libc}() [0x9a72e]
 > ${libc}() [0x8f388]
 > ${libc}() [0x8f3cd]
 > ${libc}(__connect+0x18) [0x111f88]
 > ${node}(uv__udp_connect+0x49) [0x161faa9]
 > ${node}() [0x79d91d]
 > ${node}() [0x1636ae9]
 > unexpected_backtracing_error [0x7fce3b814e24]
`;
const trixieNames = `7fce3b814d40 23c JS:~doConnect node:dgram:576:19
${node} 1636a80 f4 Builtins_CallApiCallbackGeneric
${node} 79d800 207 _ZN4node7UDPWrap9DoConnectERKN2v820FunctionCallbackInfoINS1_5ValueEEEi
`;

test('what strace has no name for has one from the file’s symbol table; of the C library’s own no frame is left', () => {
  expect(stackOf(trixie, readNames(trixieNames))).toEqual([
    ...['JavaScript doConnect (node:dgram:576)', 'Builtins_CallApiCallbackGeneric'],
    ...['node::UDPWrap::DoConnect', 'uv__udp_connect', 'connect'],
  ]);
  expect(stackOf(trixie, [])).toEqual([
    ...['JavaScript (unnamed)', 'V8 (unnamed)', '(unnamed)', 'uv__udp_connect', 'connect'],
  ]);
});

test('a name belongs to its own file, and to code of V8’s only without one', () => {
  const elsewhere = trixieNames.replaceAll(node, '/run/echolab/other node');
  expect(stackOf(trixie, readNames(elsewhere)).slice(1)).toEqual(stackOf(trixie, []).slice(1));
  const inMemory = trixieNames.replaceAll(`${node} `, '');
  expect(stackOf(trixie, readNames(inMemory)).slice(1)).toEqual(stackOf(trixie, []).slice(1));
  const inFile = trixieNames
    .replace('7fce3b814d40', `${node} 7fce3b814d40`)
    .replace(' node:dgram:576:19', '');
  expect(stackOf(trixie, readNames(inFile))[0]).toBe('JavaScript (unnamed)');
  expect(readNames('/a folder 1f/node 79d800 207 f\n')).toEqual([
    { module: '/a folder 1f/node', from: 0x79d800n, until: 0x79da07n, name: 'f' },
  ]);
});

test('a function whose last instruction is the call has the frame just behind it', () => {
  const [before, behind] = ['DoConnect', 'Next'].map((name, index) => {
    return `${node} ${(0x79d91d - 0x11d * (1 - index)).toString(16)} 11d ${name}`;
  });
  expect(stackOf(trixie, readNames(`${before}\n${behind}\n`))[2]).toBe('DoConnect');
});
