/**
 * What every recorder is. A recorder of a program (strace, output) starts and ends with it. A recorder of a host
 * (tcpdump, the kernel log, NFLOG) runs as long as the lab does and writes a tape, which is cut at the fences
 * into one recording per scene: the bytes stay as the instrument wrote them.
 */
import type { HostName } from '../lessons/lesson.ts';
import type { Packet } from '../model/packet.ts';

export interface Tape extends AsyncDisposable {
  /** The recording's file name: `client.pcap`. */
  readonly source: string;
  /** The host whose packets these are; undefined: those of all hosts of the pair. */
  readonly of?: HostName;
  /** The packets seen since the last cut, for finding fences and for waiting. */
  packets(): readonly Packet[];
  /** The recording since the last cut, as a file of its own. */
  cut(): Buffer;
  /** How many packets or lines this recorder has found out to be lost since it was asked last; tcpdump tells at its end. */
  lost(): number;
}
