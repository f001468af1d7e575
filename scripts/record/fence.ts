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

/** A SYN to a closed port draws a RST, so both ways are crossed; UDP is sent each way (see netfilter.ts). */
export async function sendFence(client: Host, hosts: readonly Host[], port: number): Promise<void> {
  const others = hosts.filter((host) => host !== client);
  await client.shell(
    others
      .map(
        ({ address }) => `{ :; } 2>/dev/null </dev/tcp/${address}/${port}
echo fence >/dev/udp/${address}/${port}`,
      )
      .join('\n'),
  );
  await Promise.all(others.map((other) => other.shell(`echo fence >/dev/udp/${client.address}/${port}`)));
}

/**
 * The hosts are told each other's hardware address, before the first scene and after each: so a fence never asks
 * for it, and an ARP request between two fences is the lesson's own.
 */
export async function tellNeighbours(hosts: readonly Host[]): Promise<void> {
  const [client, ...others] = hosts;
  if (client === undefined) return;
  await Promise.all([
    client.shell(`ip -batch - <<'batch'\n${others.map((other) => knows(client, other)).join('\n')}\nbatch`),
    ...others.map((other) => other.shell(`ip ${knows(other, client)}`)),
  ]);
}

function knows(here: Host, there: Host): string {
  const mine = here.links.find(({ to }) => to === there.name);
  const theirs = there.links.find(({ to }) => to === here.name);
  if (mine === undefined || theirs === undefined)
    throw new Error(`${here.name} has no link to ${there.name}`);
  return `neigh replace ${there.address} lladdr ${theirs.hardware} dev ${mine.interface} nud permanent`;
}

/** After the first fence: the hosts do not know each other's hardware address, as after a long silence. */
export async function forgetNeighbours(hosts: readonly Host[]): Promise<void> {
  const flush = ({ links }: Host) =>
    links
      .filter(({ to }) => hosts.some(({ name }) => name === to))
      .map((link) => `ip neigh flush dev ${link.interface} nud all`)
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
