/** Calls on signals: what happens on them, which are held back, who gets them. */
import { field, type Call, type Value } from 'strace-parser';
import type { Teller } from './outcome.ts';
import { argument, isNull, names, namesIn, numberOf } from './reading.ts';

export const signalCalls: Readonly<Record<string, readonly [Teller, source: string]>> = {
  rt_sigaction: [action, 'sigaction(2)'],
  rt_sigprocmask: [mask, 'sigprocmask(2)'],
  kill: [
    (call) => {
      const pid = numberOf(argument(call, 0)) ?? 0;
      const whom =
        pid > 0
          ? `process ${pid}`
          : pid === 0
            ? 'all processes of its group'
            : pid === -1
              ? 'every process that it may'
              : `all processes of group ${-pid}`;
      return send(call, 1, whom);
    },
    'kill(2)',
  ],
  tkill: [(call) => send(call, 1, `thread ${numberOf(argument(call, 0)) ?? '?'}`), 'tkill(2)'],
  tgkill: [
    (call) =>
      send(
        call,
        2,
        `thread ${numberOf(argument(call, 1)) ?? '?'} of process ${numberOf(argument(call, 0)) ?? '?'}`,
      ),
    'tkill(2)',
  ],
  sigaltstack: [
    (call) =>
      isNull(argument(call, 0))
        ? both('asks which stack signal handlers run on')
        : namesIn(field(argument(call, 0), 'ss_flags')).some(({ name }) => name === 'SS_DISABLE')
          ? both('has signal handlers run on the usual stack again')
          : both(
              `gives signal handlers a stack of ${numberOf(field(argument(call, 0), 'ss_size')) ?? '?'} bytes of their own`,
            ),
    'sigaltstack(2)',
  ],
};

const both = (text: string): readonly [string, string] => [text, text];

function action(call: Call): readonly [string, string] {
  const signal = names(call, 0)[0] ?? 'a signal';
  const given = argument(call, 1);
  if (isNull(given)) {
    const asks = `asks what happens on ${signal}`;
    const now = argument(call, 2);
    return [asks, now === undefined || now.type !== 'struct' ? asks : `${asks}: ${handling(now)}`];
  }
  switch (handlerOf(given)) {
    case 'SIG_DFL':
      return [`wants ${signal} to do what it does by default`, `lets ${signal} do what it does by default`];
    case 'SIG_IGN':
      return [`wants to ignore ${signal}`, `ignores ${signal} from now on`];
    default: {
      const again = namesIn(field(given, 'sa_flags')).some(({ name }) => name === 'SA_RESTART');
      const after = again ? '; a call that it interrupts starts again' : '';
      return [
        `wants to handle ${signal} by a function of its own`,
        `handles ${signal} by a function of its own from now on${after}`,
      ];
    }
  }
}

const handlerOf = (value: Value | undefined): string =>
  namesIn(field(value, 'sa_handler') ?? field(value, 'sa_sigaction'))[0]?.name ?? 'function';

const handling = (value: Value): string =>
  ({ SIG_DFL: 'what it does by default', SIG_IGN: 'it is ignored' })[handlerOf(value)] ??
  'a function of the program handles it';

function mask(call: Call): readonly [string, string] {
  const asks = 'asks which signals are held back';
  const set = argument(call, 1);
  if (isNull(set)) return [asks, `${asks}: ${signalsOf(argument(call, 2))}`];
  const which = signalsOf(set);
  const none = which === 'none';
  switch (names(call, 0)[0] ?? '') {
    case 'SIG_BLOCK':
      return none ? both(asks) : both(`holds back ${which}, too`);
    case 'SIG_UNBLOCK':
      return none ? both(asks) : both(`lets ${which} through again`);
    default:
      return both(none ? 'lets all signals through again' : `holds back ${which} and no others`);
  }
}

/** `[INT CHLD]` → `SIGINT and SIGCHLD`; `~[RTMIN RT_1]` → `all signals but …`. */
function signalsOf(value: Value | undefined): string {
  const found = namesIn(value).map(({ name }) => name);
  const list = found.length < 2 ? found.join() : `${found.slice(0, -1).join(', ')} and ${found.at(-1)}`;
  const negated = value?.type === 'bitset' && value.negated;
  if (negated) return list === '' ? 'all signals' : `all signals but ${list}`;
  return list === '' ? 'none' : list;
}

function send(call: Call, at: number, whom: string): readonly [string, string] {
  const signal = names(call, at)[0];
  // Signal 0 is none: only the permission is checked.
  if (signal === undefined) return [`asks if ${whom} is there`, `asks if ${whom} is there: yes`];
  return [`wants to send ${signal} to ${whom}`, `sends ${signal} to ${whom}`];
}
