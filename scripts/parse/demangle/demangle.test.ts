/** Against GNU's demangler: what `c++filt -p -i` of binutils 2.40 said, and what this machine's says of all of Node. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { skipAloud } from '../../live/tools.ts';
import { demangle } from './demangle.ts';

const run = promisify(execFile);

/** Names of Node 26.10, but for those of `f` and `A`. */
const names = `
_ZN4node5StartEiPPc node::Start
_ZN4node7UDPWrap9DoConnectERKN2v820FunctionCallbackInfoINS1_5ValueEEEi node::UDPWrap::DoConnect
_ZN4node7UDPWrapC2EPNS_11EnvironmentEN2v85LocalINS3_6ObjectEEE node::UDPWrap::UDPWrap
_ZN4node7UDPWrapD0Ev node::UDPWrap::~UDPWrap
_ZN2v811HandleScopenwEm v8::HandleScope::operator new
_ZN2v84baselsERSoRKNS0_4TimeE v8::base::operator<<
_ZN2v88internal7LogFile14MessageBuilderlsINS0_12LogSeparatorEEERS2_T_ v8::internal::LogFile::MessageBuilder::operator<< <v8::internal::LogSeparator>
_ZNKSt8functionIFvvEEclEv std::function<void ()>::operator()
_ZNK1AcvPKcEv A::operator char const*
_ZNSsC1Ev std::basic_string<char, std::char_traits<char>, std::allocator<char> >::basic_string
_ZN12v8_inspector11UTF16ToUTF8B5cxx11EPKDsm v8_inspector::UTF16ToUTF8[abi:cxx11]
_ZN2v88internal12_GLOBAL__N_16InvokeEPNS0_7IsolateERKNS1_12InvokeParamsE v8::internal::(anonymous namespace)::Invoke
_ZN2v84base11LeakyObjectINS_8internal12_GLOBAL__N_124PageAllocatorInitializerEEC2IJEEEDpOT_ v8::base::LeakyObject<v8::internal::(anonymous namespace)::PageAllocatorInitializer>::LeakyObject<>
_ZN2v88internal10JsonParserIhE10ExpectNextILNS0_9JsonTokenE10EEEbSt8optionalINS0_15MessageTemplateEE v8::internal::JsonParser<unsigned char>::ExpectNext<(v8::internal::JsonToken)10>
_ZN2v88internal4wasm7Decoder8toResultIDnDnEENS1_6ResultIT0_EEOT_ v8::internal::wasm::Decoder::toResult<decltype(nullptr), decltype(nullptr)>
_ZN4node11SPrintFImplIPN2v86ObjectEJRA16_KcEEENSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEESt17basic_string_viewIcSA_EOT_DpOT0_ node::SPrintFImpl<v8::Object*, char const (&) [16]>
_ZN4node10StreamBase8JSMethodIXadL_ZNS0_6WritevERKN2v820FunctionCallbackInfoINS2_5ValueEEEEEEEvS7_ node::StreamBase::JSMethod<&node::StreamBase::Writev>
_ZN4node11http_parser6Parser5ProxyIMS1_FiPKcmEXadL_ZNS1_15on_header_fieldES4_mEEE3RawEP18llhttp__internal_sS4_m node::http_parser::Parser::Proxy<int (node::http_parser::Parser::*)(char const*, unsigned long), &node::http_parser::Parser::on_header_field>::Raw
_ZN15node_napi_env__13CallFinalizerILb0EEEvPFvP10napi_env__PvS3_ES3_S3_ node_napi_env__::CallFinalizer<false>
_ZZN4node11Environment15InitializeLibuvEvEN3$_08__invokeEP10uv_async_s node::Environment::InitializeLibuv()::$_0::__invoke
_ZZN2v88internal31RegExpBytecodeDisassembleSingleEPKhS2_ENK3$_0clILNS0_14RegExpBytecodeE52EEEDav v8::internal::RegExpBytecodeDisassembleSingle(unsigned char const*, unsigned char const*)::$_0::operator()<(v8::internal::RegExpBytecode)52>
_ZZN1AC1ERKiENKUlT_E_clIcEEDaS2_ A::A(int const&)::{lambda(auto:1)#1}::operator()<char>
_ZZNSt9once_flag18_Prepare_executionC1IZSt9call_onceIRFvvEJEEvRS_OT_DpOT0_EUlvE_EERS6_ENUlvE_8__invokeEv std::once_flag::_Prepare_execution::_Prepare_execution<std::call_once<void (&)()>(std::once_flag&, void (&)())::{lambda()#1}>(std::call_once<void (&)()>(std::once_flag&, void (&)())::{lambda()#1}&)::{lambda()#1}::__invoke
_Z1fIJicEEvDpRKT_ f<int, char>
`
  .trim()
  .split('\n')
  .map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)] as const);

test.each(names)('%s', (mangled, name) => {
  expect(demangle(mangled)).toBe(name);
});

/** Each A has the one before as both of its arguments. */
const doubling = Array.from({ length: 40 }, (_, index) => {
  const before = `S${(2 * index + 1).toString(36).toUpperCase()}_`;
  return `1AI${before}${before}E`;
}).join('');

test.for([
  ['uv__udp_connect', 'a function of C'],
  ['_ZN4node7UDPWrap', 'half a name'],
  ['_ZN4core3num7dec2flt11decimal_seq10DecimalSeq4trim17h7c70462b880e268fE', 'a function of Rust'],
  ['_ZN1A1fIXltLi1ELi2EEEEvv', 'an expression'],
  ['_Z1fIS0_EvT_', 'a substitution for what has not been yet'],
  ['_ZN1AIT_E1fEv', 'an argument of no template'],
  [`_Z1fI${'P'.repeat(100_000)}iEvv`, 'a name as deep as it is long'],
  [`_Z1fI1AIiiE${doubling}EvT_`, 'a name that doubles'],
])('not read: $1', ([mangled = '']) => {
  expect(demangle(mangled)).toBeUndefined();
});

test('whatever is done to a name, it is read or it is not', () => {
  const [mangled, letter] = [
    fc.constantFrom(...names.map(([one]) => one)),
    fc.constantFrom(...'_ZNSTIJEKPRODpLXUlvicC1D0t459'.split('')),
  ];
  fc.assert(
    fc.property(
      mangled,
      fc.nat(400),
      fc.nat(6),
      fc.array(letter, { maxLength: 6 }),
      (text, at, removed, put) => {
        const changed = text.slice(0, at) + put.join('') + text.slice(at + removed);
        expect([undefined, expect.any(String)]).toContainEqual(demangle(changed));
      },
    ),
    { numRuns: 3_000 },
  );
});

test('of all functions of Node: GNU’s name, or none', { timeout: 120_000 }, async (context) => {
  await Promise.all([run('nm', ['--version']), run('c++filt', ['--version'])]).catch(() =>
    skipAloud(context, 'it needs nm and c++filt (apt-get install binutils)'),
  );
  const most = { maxBuffer: 2 ** 28 };
  const { stdout } = await run('nm', ['--defined-only', '--format=posix', process.execPath], most);
  // A function of Rust ends in a hash.
  const mangled = stdout
    .split('\n')
    .flatMap((line) => /^(_Z\S+) [tTwW] /.exec(line)?.[1] ?? [])
    .filter((name) => !/17h[0-9a-f]{16}E/.test(name));
  const filter = run('c++filt', ['-p', '-i'], most);
  filter.child.stdin?.end(`${mangled.join('\n')}\n`);
  const theirs = (await filter).stdout.split('\n');
  // Some versions put a space between two closing brackets, and name what a thunk leads to with its parameters.
  const plain = (name: string) =>
    name.replace(/ (?=>)/g, '').replace(/(?<=^(?:non-)?virtual thunk to .*?)\(\S.*$/, '');
  const counts = { same: 0, other: 0, unread: 0, unreadByBoth: 0 };
  mangled.forEach((name, index) => {
    const [own, other] = [demangle(name), theirs[index] ?? name];
    if (own === undefined) counts[other === name ? 'unreadByBoth' : 'unread'] += 1;
    else counts[plain(own) === plain(other) ? 'same' : 'other'] += 1;
  });
  expect(mangled.length).toBeGreaterThan(50_000);
  expect(counts.same / mangled.length).toBeGreaterThan(0.97);
  expect(counts.unread / mangled.length).toBeLessThan(0.002);
  // Nearly all of them where c++filt itself errs: it calls a constructor inside of a template's arguments by the name of
  // the function, and writes `<, void>` for a pack that is empty.
  expect(counts.other / mangled.length).toBeLessThan(0.0005);
});
