/** What a program's main thread does, from /proc/PID/status (proc(5)): `S 41`, state and voluntary context switches. */
export function mainThread(status: string): string {
  const value = (name: string) => new RegExp(`^${name}:\\s+(\\S+)`, 'm').exec(status)?.[1] ?? '';
  return `${value('State')} ${value('voluntary_ctxt_switches')}`;
}
