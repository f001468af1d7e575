/** A scene's recordings → one timeline: events in order, packets joined, causes found, steps made. */
import type { Call } from 'strace-parser';
import type { CallEvent, Event, KernelEvent, PacketEvent } from '../model/event.ts';
import type { Problem } from '../model/problem.ts';
import type { Loss, Run, SceneRecord } from '../model/run.ts';
import { readGraph, type GraphCall } from '../parse/kernel-graph.ts';
import { readKernelTrace } from '../parse/kernel-trace.ts';
import { readOutput } from '../parse/output.ts';
import { readState } from '../parse/state.ts';
import { readStrace } from '../parse/strace.ts';
import { readNames } from '../parse/user-stack.ts';
import { findCauses } from './cause.ts';
import { joinKernel } from './kernel.ts';
import { joinPackets } from './packet.ts';
import { readSightings, type Watch } from './sightings.ts';
import { followSockets, type Socket } from './sockets.ts';
import { stepsOf, type HostSteps } from './steps.ts';

export interface Timeline {
  readonly scene: SceneRecord;
  /** In order of time; a packet stands where it left its sender. */
  readonly events: readonly Event[];
  /** What the strace logs say of each call, with its argument tree, by event id. */
  readonly logged: ReadonlyMap<string, Call>;
  readonly hosts: readonly HostSteps[];
  readonly watches: readonly Watch[];
  readonly problems: readonly Problem[];
  readonly losses: readonly Loss[];
  /** How deep the kernel recorder saw; absent in runs that do not say. */
  readonly kernel?: Run['kernel'];
  /** What the kernel ran under each connect(2), where its function graph was recorded. */
  readonly graphs: readonly Graph[];
  /** Whether strace could walk the programs' stacks. */
  readonly stacks?: Run['stacks'];
}

export interface Graph {
  /** Whose program called. */
  readonly host: string;
  readonly root: GraphCall;
}

/** @param files the scene's recordings by name */
export function timelineOf(run: Run, scene: SceneRecord, files: ReadonlyMap<string, Uint8Array>): Timeline {
  const startedNs = BigInt(run.startedNs);
  const calls: CallEvent[] = [];
  const logged = new Map<string, Call>();
  const sockets: Socket[] = [];
  const others: Event[] = [];
  const problems: Problem[] = [];
  for (const { name: host } of scene.hosts) {
    const log = files.get(`${host}.strace`);
    if (log !== undefined) {
      const names = readNames(new TextDecoder().decode(files.get(`${host}.names`)));
      const strace = readStrace(log, `${host}.strace`, host, startedNs, names);
      for (const traced of strace.calls) logged.set(traced.call.id, traced.logged);
      const followed = followSockets(strace.calls);
      calls.push(...followed.calls);
      sockets.push(...followed.sockets);
      others.push(...strace.others);
      problems.push(...strace.problems);
    }
    for (const [name, read] of [
      ['out', readOutput],
      ['state', readState],
    ] as const) {
      const bytes = files.get(`${host}.${name}`);
      if (bytes === undefined) continue;
      const recording = read(new TextDecoder().decode(bytes), `${host}.${name}`, host, startedNs);
      others.push(...recording.events);
      problems.push(...recording.problems);
    }
  }
  const sightings = readSightings(run, scene, files);
  const packets: PacketEvent[] = joinPackets(sightings.seen, scene.hosts);
  findCauses(packets, sockets, others);
  const trace = files.get('kernel.trace');
  let kernel: readonly KernelEvent[] = [];
  const graphs: Graph[] = [];
  if (trace !== undefined) {
    const read = readKernelTrace(new TextDecoder().decode(trace), 'kernel.trace', scene.hosts, startedNs);
    problems.push(...read.problems);
    kernel = joinKernel(read, calls, packets);
    const graph = readGraph(new TextDecoder().decode(files.get('kernel.graph')), 'kernel.graph');
    problems.push(...graph.problems);
    for (const root of graph.roots) {
      const host = read.threads.get(root.pid ?? -1)?.host;
      // Other roots are what a loss has torn off.
      if (host !== undefined && root.name.endsWith('_sys_connect')) graphs.push({ host, root });
    }
  }
  const events = [...calls, ...packets, ...others, ...kernel].toSorted((one, other) => one.atNs - other.atNs);
  return {
    scene,
    events,
    logged,
    hosts: scene.hosts.map(({ name, address }) => stepsOf(name, address, calls, packets)),
    watches: sightings.watches,
    problems: [...problems, ...sightings.problems],
    losses: scene.losses,
    ...{ graphs, kernel: run.kernel, stacks: run.stacks },
  };
}
