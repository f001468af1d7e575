import { useEffect, useMemo, useState } from 'preact/hooks';
import { readGraph, type GraphCall } from '../../../parse/kernel-graph.ts';
import { refer } from '../../ledger.ts';
import { visible } from '../../paint.ts';
import { useApp } from './app-state.ts';
import { graphRows, type GraphRow } from './graph-rows.ts';
import type { Side } from './side.ts';
import { toggled } from './TextLines.tsx';
import { VirtualRows } from './VirtualRows.tsx';

interface Tree {
  readonly roots: readonly GraphCall[];
  readonly functions: ReadonlyMap<string, string>;
}

/** What the kernel ran under a call, nested: how long each function took, what it does; each opens and closes. */
export function GraphTree({ side, name, line }: { side: Side; name: string; line: number | undefined }) {
  const { choose } = useApp();
  const [tree, setTree] = useState<Tree>();
  const [turned, setTurned] = useState<ReadonlySet<number>>(new Set());
  useEffect(() => {
    void Promise.all([side.scene.linesOf(name), side.scene.functionsOf(name)]).then(([lines, functions]) =>
      setTree({ roots: readGraph(lines.map(({ text }) => text).join('\n'), name).roots, functions }),
    );
  }, [side.scene, name]);
  const rows = useMemo(() => graphRows(tree?.roots ?? [], turned, line), [tree, turned, line]);
  if (tree === undefined) return <p class="empty">opening …</p>;
  if (rows.length === 0) return <p class="empty">{name} has no function.</p>;
  const at = rows.findIndex(({ call }) => call.line === line);
  return (
    <VirtualRows
      class="text"
      label={name}
      count={rows.length}
      rowHeight={18}
      shown={at === -1 ? undefined : at}
      row={(n) => {
        const row = rows[n];
        if (row === undefined) return null;
        const { call } = row;
        const light = call.line === line ? 'chosen' : call.beyond ? 'apart' : '';
        const inner = call.calls.length > 0;
        return (
          <div role="listitem" class={`row ${light}`} key={call.line}>
            <button
              type="button"
              class="line"
              tabIndex={inner ? 0 : -1}
              aria-expanded={inner ? row.open : undefined}
              onClick={() => {
                choose(refer(name, call.line));
                if (inner) setTurned(toggled(turned, call.line));
              }}
            >
              <span class="number">{call.line}</span>
              <span class="took">{took(call)} </span>
              <span class="said" style={{ paddingLeft: `${row.depth * 14}px` }}>
                {inner ? (row.open ? '▾ ' : '▸ ') : '  '}
                {visible(call.name)}{' '}
              </span>
              <span class="about">{about(row, tree.functions)}</span>
            </button>
          </div>
        );
      }}
    />
  );
}

/** A call whose end the recording lacks has no duration. */
const took = ({ durationNs }: GraphCall): string =>
  durationNs === undefined ? '' : `${(durationNs / 1000).toFixed(3)} µs`;

function about({ call, hidden }: GraphRow, functions: ReadonlyMap<string, string>): string {
  const means = functions.get(call.name) ?? '';
  const more = hidden === 0 ? '' : `${hidden} calls${call.beyond ? ' in a softirq' : ''}`;
  return visible([means, more].filter((text) => text !== '').join(' · '));
}
