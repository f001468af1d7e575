/**
 * Fences: before and after each scene a TCP and a UDP control packet cross the same rules and interfaces as the
 * lesson's own, each way. A recorder that saw both fences and lost nothing has seen everything between them, so
 * that what it did not see did not happen. The end fence also says that the recorders have caught up.
 *
 * The ports are a fence's name. They lie above the range that Linux takes ephemeral ports from (32768 to 60999).
 */
import type { Host } from '../hosts/host.ts';
import { fencePorts, isWholeFence, linksIn, timesIn } from '../model/fence.ts';
import type { Tape } from './recorder.ts';
import { until } from './until.ts';

/**
 * Fences have addresses of their own on the links, whose hardware addresses the hosts are told: so a fence never asks for
 * one, and an ARP request between two fences is the lesson's own.
 */
export async function openFences(hosts: readonly Host[]): Promise<void> {
  const [client, ...others] = hosts;
  if (client === undefined) return;
  await Promise.all([
    client.shell(batch(others.flatMap((other) => reaches(client, other)))),
    ...others.map((other) => other.shell(batch(reaches(other, client)))),
  ]);
}

const batch = (lines: readonly string[]): string => `ip -batch - <<'batch'\n${lines.join('\n')}\nbatch`;

function reaches(here: Host, there: Host): string[] {
  const mine = here.links.find(({ to }) => to === there.name);
  const theirs = there.links.find(({ to }) => to === here.name);
  if (mine === undefined || theirs === undefined)
    throw new Error(`${here.name} has no link to ${there.name}`);
  const peer = fenceAddress(there);
  return [
    `address add ${fenceAddress(here)} peer ${peer}/32 dev ${mine.interface}`,
    `neigh replace ${peer} lladdr ${theirs.hardware} dev ${mine.interface} nud permanent`,
  ];
}

/** `10.0.1.2` of the host 10.0.0.2. */
const fenceAddress = ({ address }: Host): string => address.replace(/^10\.0\.0\./, '10.0.1.');

/** A SYN to a closed port draws a RST, so both ways are crossed; UDP is sent each way (see netfilter.ts). */
export async function sendFence(client: Host, hosts: readonly Host[], port: number): Promise<void> {
  const others = hosts.filter((host) => host !== client);
  const datagram = (to: Host) => `echo fence >/dev/udp/${fenceAddress(to)}/${port}`;
  const segment = (to: Host) => `{ :; } 2>/dev/null </dev/tcp/${fenceAddress(to)}/${port}`;
  await Promise.all([
    client.shell(others.map((to) => `${segment(to)}\n${datagram(to)}`).join('\n')),
    ...others.map((other) => other.shell(datagram(client))),
  ]);
}

/** The hosts do not know each other's hardware address, as after a long silence; that of a fence they keep. */
export async function forgetNeighbours(hosts: readonly Host[]): Promise<void> {
  const flush = ({ links }: Host) =>
    links
      .filter(({ to }) => hosts.some(({ name }) => name === to))
      .map((link) => `ip neigh flush dev ${link.interface} to 10.0.0.0/24 nud all`)
      .join('\n');
  await Promise.all(hosts.map((host) => host.shell(flush(host))));
}

/** Waits until every tape holds the fence; gives the tapes that do not by `deadlineMs`. */
export async function awaitFence(
  tapes: readonly Tape[],
  port: number,
  hosts: number,
  deadlineMs: number,
): Promise<Tape[]> {
  const deadline = performance.now() + deadlineMs;
  const missing = () =>
    tapes.filter(
      (tape) => !isWholeFence(tape.packets(), port, linksIn(tape.source, hosts), timesIn(tape.source)),
    );
  await until(
    () => missing().length === 0,
    () => performance.now() > deadline,
  );
  return missing();
}

/** The n-th fence of a pair. */
export const fencePort = (n: number): number =>
  fencePorts.first + (n % (fencePorts.last - fencePorts.first + 1));
