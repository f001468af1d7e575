/** The program's own functions down to a call, in reading order; the kernel's go on from there (kernel-cell.ts). */
import type { Step } from '../correlate/steps.ts';
import { isBuiltin, isJavaScript } from '../parse/user-stack.ts';

/** Of a longer stack, its beginning and so many next to the call. */
const shownNames = 5;

/** `node::Start → … → uv_run → uv__io_poll → uv__udp_recvmsg → recvmsg`, in pieces that a line may be broken between. */
export const programCell = ({ calls: [call] }: Step): string => programPath(call?.userStack ?? []);

/** @param userStack from the program's beginning inwards */
export function programPath(userStack: readonly string[]): string {
  const names = userStack.map(plain);
  const told = names.filter((name, index) => name !== names[index - 1]);
  const shown = told.length <= shownNames + 2 ? told : [...told.slice(0, 1), '…', ...told.slice(-shownNames)];
  return shown.join(' → ');
}

function plain(name: string): string {
  if (isBuiltin(name) || name.startsWith('v8::')) return 'V8';
  return isJavaScript(name) ? name.replace(/^JavaScript (?!\(unnamed)/, '') : name;
}
