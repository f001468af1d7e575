/** Signals, ends and printed lines of programs. */
import type { EventOf } from '../model/event.ts';
import type { Explanation } from './explanation.ts';
import { explainSignal } from './signals.ts';

export function explainSignalEvent({ name }: EventOf<'signal'>): Explanation {
  const word = explainSignal(name);
  const means = word === undefined ? '' : `: ${word.means}`;
  return { text: `gets the signal ${name}${means}`, source: 'signal(7)', words: word ? [word] : [] };
}

export function explainEnd({ status, signal }: EventOf<'exit'>): Explanation {
  if (signal !== undefined) {
    const word = explainSignal(signal);
    return {
      text: `is ended by the signal ${signal}, without a status of its own`,
      source: 'signal(7)',
      words: word ? [word] : [],
    };
  }
  return {
    text: `ends with status ${status ?? 'unknown'}${statusMeans(status)}`,
    source: 'exit(3)',
    words: [],
  };
}

/** 126 and above by the shell's convention (bash(1), EXIT STATUS). */
function statusMeans(status: number | undefined): string {
  if (status === undefined) return '';
  if (status === 0) return ': by convention, all went well';
  if (status === 126) return ': a shell found the program but could not run it';
  if (status === 127) return ': a shell did not find the program';
  if (status > 128 && status <= 128 + 64)
    return `: a shell reports that signal ${status - 128} ended its program`;
  return ': by convention, something failed';
}

export function explainOutput({ stream }: EventOf<'output'>): Explanation {
  return stream === 'stdout'
    ? { text: 'prints this line on its standard output', source: 'stdout(3)', words: [] }
    : {
        text: 'prints this line on its standard error, where messages about troubles go',
        source: 'stderr(3)',
        words: [],
      };
}
