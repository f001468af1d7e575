import { useEffect, useState } from 'preact/hooks';
import { readPcap, type Pcap } from '../../../parse/pcap.ts';
import { decodeFrame } from '../../../parse/frame.ts';
import { describe } from '../../../parse/describe.ts';
import { refer } from '../../ledger.ts';
import { visible } from '../../paint.ts';
import { useApp } from './app-state.ts';
import { FrameBytes } from './FrameBytes.tsx';
import { useLights } from './lights.ts';
import type { Side } from './side.ts';
import { VirtualRows } from './VirtualRows.tsx';

/** A capture: its frames in a line each, and of the chosen one every field of its headers beside its bytes. */
export function PacketList({ side, name, line }: { side: Side; name: string; line: number | undefined }) {
  const { choose } = useApp();
  const lights = useLights([side]);
  const [pcap, setPcap] = useState<Pcap>();
  useEffect(() => {
    void side.scene.bytesOf(name).then((bytes) => setPcap(readPcap(bytes, name)));
  }, [side.scene, name]);
  if (pcap === undefined) return <p class="empty">opening …</p>;
  const { frames, linkType, byteOrder } = pcap;
  const frame = frames[(line ?? 1) - 1];
  return (
    <div class="capture">
      <VirtualRows
        class="text"
        label={name}
        count={frames.length}
        rowHeight={18}
        shown={line === undefined ? undefined : line - 1}
        row={(n) => {
          const one = frames[n];
          if (one === undefined) return null;
          const entry = side.scene.at(name, one.line);
          const light = one.line === line ? 'chosen' : entry === undefined ? '' : lights(side, entry.id);
          return (
            <div role="listitem" class={`row ${light} ${entry === undefined ? 'apart' : ''}`} key={n}>
              <button
                type="button"
                class="line"
                tabIndex={-1}
                aria-pressed={light === 'chosen'}
                onClick={() => choose(refer(name, one.line))}
              >
                <span class="number">{one.line}</span>
                <span class="said">
                  {visible(describe(decodeFrame(linkType, one.bytes, byteOrder)))}
                  {entry === undefined && ' (fence)'}
                </span>
              </button>
            </div>
          );
        }}
      />
      {frame !== undefined && <FrameBytes key={frame.line} linkType={linkType} bytes={frame.bytes} />}
    </div>
  );
}
