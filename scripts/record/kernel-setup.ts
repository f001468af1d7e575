/** The settings of the two instances that every kernel has. */
import type { Instance } from '../hosts/tracefs.ts';
import { port } from '../lessons/lesson.ts';
import { followed, onInterfaces, onPackets, onSockets } from './kernel-events.ts';
import { renaming } from './kernel-launchers.ts';
import { endsOf, type Linked } from './kernel-owners.ts';

/** The first of these that the kernel has. tai: CLOCK_REALTIME plus a whole number of seconds, mostly 0. */
const clocks = ['tai', 'mono'];

/**
 * One stack per event, by the instance's option: a trigger per event would also fire for processes that are not followed.
 *
 * @returns the clock it stamps with
 */
export async function configure(instance: Instance, bufferKb: number): Promise<string> {
  const offered = await instance.get('trace_clock');
  const clock = clocks.find((name) => offered.split(/[\s[\]]+/).includes(name)) ?? 'global';
  await instance.set('buffer_size_kb', String(bufferKb));
  await instance.set('trace_clock', clock);
  await instance.set('options/stacktrace', '1');
  await instance.set('options/event-fork', '1');
  return clock;
}

/** Switches the events on that the kernel has; gives the names of those and of the others. */
export async function chooseEvents(calls: Instance, wire: Instance, pairs: readonly Linked[]) {
  const there = new Set<string>();
  const missing = new Set<string>();
  const enable = async (instance: Instance, event: string, filter: string | undefined) => {
    const name = event.replace('/', ':');
    try {
      if (filter !== undefined) await instance.set(`events/${event}/filter`, filter);
      await instance.set(`events/${event}/enable`, '1');
      there.add(name);
    } catch {
      missing.add(name); // ENOENT: this kernel has no such event; EINVAL: not with these fields
    }
  };
  // Without it nobody would be known: whatever the kernel says against it is the lab's reason for having no trace.
  await wire.set(`events/${renaming.event}/filter`, renaming.filter);
  await wire.set(`events/${renaming.event}/enable`, '1');
  // Without a list everybody would be followed. Process 1 starts no program of the lab's, and rests.
  await calls.set('set_event_pid', '1');
  for (const { event, filter } of followed) await enable(calls, event, filter);
  const links = pairs
    .flatMap(endsOf)
    .flatMap((host) => host.links.map((link) => `name == "${link.interface}"`));
  for (const event of onInterfaces) await enable(wire, event, links.join(' || ') || 'name == ""');
  for (const event of onSockets) await enable(wire, event, `sport == ${port} || dport == ${port}`);
  for (const { event, filter } of onPackets) await enable(wire, event, filter);
  return { there: [...there], missing: [...missing].filter((name) => !there.has(name)) };
}
