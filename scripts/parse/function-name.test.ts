/** As strace of Debian 12 prints a name, and as the symbol table of Node has it: they come to the same. */
import { expect, test } from 'vitest';
import { functionName } from './function-name.ts';

test.each([
  ['uv__udp_connect', ['uv__udp_connect']],
  [
    'node::UDPWrap::DoConnect',
    [
      'node::UDPWrap::DoConnect(v8::FunctionCallbackInfo<v8::Value> const&, int)',
      '_ZN4node7UDPWrap9DoConnectERKN2v820FunctionCallbackInfoINS1_5ValueEEEi',
    ],
  ],
  [
    'v8::internal::Invoke',
    [
      'v8::internal::(anonymous namespace)::Invoke(v8::internal::Isolate*, v8::internal::(anonymous namespace)::InvokeParams const&)',
      '_ZN2v88internal12_GLOBAL__N_16InvokeEPNS0_7IsolateERKNS1_12InvokeParamsE',
    ],
  ],
  [
    'node_napi_env__::CallFinalizer<false>',
    [
      'void node_napi_env__::CallFinalizer<false>(void (*)(napi_env__*, void*, void*), napi_env__*, void*, void*)',
      '_ZN15node_napi_env__13CallFinalizerILb0EEEvPFvP10napi_env__PvS3_ES3_S3_',
    ],
  ],
  [
    'std::function<void ()>::operator()',
    ['std::function<void ()>::operator()() const', '_ZNKSt8functionIFvvEEclEv'],
  ],
  [
    'v8::internal::LogFile::MessageBuilder::operator<< <v8::internal::LogSeparator>',
    [
      'v8::internal::LogFile::MessageBuilder& v8::internal::LogFile::MessageBuilder::operator<< <v8::internal::LogSeparator>(v8::internal::LogSeparator)',
      '_ZN2v88internal7LogFile14MessageBuilderlsINS0_12LogSeparatorEEERS2_T_',
    ],
  ],
  [
    'v8::HandleScope::operator new',
    ['v8::HandleScope::operator new(unsigned long)', '_ZN2v811HandleScopenwEm'],
  ],
  [
    'node::Environment::InitializeLibuv',
    [
      'node::Environment::InitializeLibuv()::$_0::__invoke(uv_async_s*)',
      '_ZZN4node11Environment15InitializeLibuvEvEN3$_08__invokeEP10uv_async_s',
    ],
  ],
  [
    'fmt::v11::loc_value::visit<fmt::v11::detail::loc_writer<char> >',
    [
      'decltype ({parm#1}(0)) fmt::v11::loc_value::visit<fmt::v11::detail::loc_writer<char> >(fmt::v11::detail::loc_writer<char>&&)',
      '_ZN3fmt3v119loc_value5visitINS0_6detail10loc_writerIcEEEEDTclfp_Li0EEEOT_',
    ],
  ],
  [
    'node::UDPWrap::GetPeerName',
    ['non-virtual thunk to node::UDPWrap::GetPeerName()', '_ZThn104_N4node7UDPWrap11GetPeerNameEv'],
  ],
  // What is not read stays as it is.
  ['_ZN1A1fIXltLi1ELi2EEEEvv', ['_ZN1A1fIXltLi1ELi2EEEEvv']],
])('%s', (name, forms) => {
  expect(forms.map(functionName)).toEqual(forms.map(() => name));
});
