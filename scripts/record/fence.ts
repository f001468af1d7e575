/**
 * Fences: before and after each scene a TCP and a UDP control packet cross the same rules and interfaces as the
 * lesson's own, each way. A recorder that saw both fences and lost nothing has seen everything between them, so
 * that what it did not see did not happen. The end fence also says that the recorders have caught up.
 *
 * The ports are a fence's name. They lie above the range that Linux takes ephemeral ports from (32768 to 60999).
 */
import type { Host, Pair } from '../hosts/host.ts';
import { fencePorts, isWholeFence } from '../model/fence.ts';
import type { Tape } from './recorder.ts';
import { until } from './until.ts';

/**
 * A SYN to a closed port draws a RST, so both ways are crossed; UDP is sent each way (see netfilter.ts). The hosts
 * are told each other's hardware address first, so that a fence never asks for it: an ARP request between two
 * fences is the lesson's own.
 */
export async function sendFence(pair: Pair, port: number): Promise<void> {
  const { client, server } = pair;
  const towards = (here: Host, there: Host) =>
    `ip neigh replace ${there.address} lladdr ${there.hardware} dev ${here.interface} nud permanent`;
  await server.shell(towards(server, client));
  await client.shell(`${towards(client, server)}
(: </dev/tcp/${server.address}/${port}) 2>/dev/null
echo fence >/dev/udp/${server.address}/${port}`);
  await server.shell(`echo fence >/dev/udp/${client.address}/${port}`);
}

/** After the first fence: the hosts know no hardware address, as after a long silence. */
export async function forgetNeighbours(pair: Pair): Promise<void> {
  const hosts = [pair.client, pair.server];
  await Promise.all(hosts.map((host) => host.shell(`ip neigh flush dev ${host.interface} nud all`)));
}

/** Waits until every tape holds the fence; gives the tapes that do not by `deadlineMs`. */
export async function awaitFence(tapes: readonly Tape[], port: number, deadlineMs: number): Promise<Tape[]> {
  const deadline = performance.now() + deadlineMs;
  const missing = () => tapes.filter((tape) => !isWholeFence(tape.packets(), port));
  await until(
    () => missing().length === 0,
    () => performance.now() > deadline,
  );
  return missing();
}

/** The n-th fence of a pair. */
export const fencePort = (n: number): number =>
  fencePorts.first + (n % (fencePorts.last - fencePorts.first + 1));
