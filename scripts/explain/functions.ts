/** What a function of the kernel does, by its name on a stack, in a count or in a function graph. */
import { articleName, isTracer, plainName } from '../parse/kernel-functions.ts';
import { asWord, lookUp, type Entries, type Family, type Word } from './explanation.ts';
import { deviceFamilies, deviceFunctions } from './functions-device.ts';
import { entryFamilies, entryFunctions } from './functions-entry.ts';
import { inetFunctions } from './functions-inet.ts';
import { ipFamilies, ipFunctions } from './functions-ip.ts';
import { kernelFamilies, kernelFunctions } from './functions-kernel.ts';
import { sockFunctions } from './functions-sock.ts';
import { tcpInputFunctions } from './functions-tcp-input.ts';
import { tcpOutputFunctions } from './functions-tcp-output.ts';
import { tcpFunctions } from './functions-tcp.ts';
import { udpFunctions } from './functions-udp.ts';

/**
 * `means` is a phrase whose subject is the function, `source` its file in the kernel's sources (Linux 6.1).
 *
 * @param name as a tracer prints it, a compiler's suffix included: `tcp_schedule_loss_probe.part.0`
 */
export function explainFunction(name: string): Word | undefined {
  if (!known.has(name)) known.set(name, lookUpFunction(name));
  return known.get(name);
}

/** The same few hundred names stand on all stacks of a run. */
const known = new Map<string, Word | undefined>();

function lookUpFunction(name: string): Word | undefined {
  const plain = plainName(name);
  const entry = lookUp(functions, plain) ?? lookUp(functions, articleName(plain));
  if (entry !== undefined) return asWord(name, entry);
  for (const [form, means, source] of families) {
    const found = form.exec(plain);
    if (found !== null) return asWord(name, [means.replace('$1', found[1] ?? ''), source]);
  }
  return isTracer(plain) ? asWord(name, tracer) : undefined;
}

const tracer = ['the tracer itself, as it takes the stack down', 'kernel/trace/trace_events.c'] as const;

const functions: Entries = {
  ...entryFunctions,
  ...inetFunctions,
  ...sockFunctions,
  ...tcpFunctions,
  ...tcpInputFunctions,
  ...tcpOutputFunctions,
  ...udpFunctions,
  ...ipFunctions,
  ...deviceFunctions,
  ...kernelFunctions,
};

const families: readonly Family[] = [...entryFamilies, ...ipFamilies, ...deviceFamilies, ...kernelFamilies];

/** How many functions have a phrase of their own. */
export const functionCount: number = Object.keys(functions).length;
