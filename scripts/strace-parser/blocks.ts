/** Lines that are one event together: tables and tips. */
import type { Diagnostic, Place } from './event.ts';
import type { Joiner } from './join.ts';
import type { Sink } from './queue.ts';
import { isTableEnd, isTableLine, isTableStart, readTable } from './table.ts';
import { isTipLine, isTipStart } from './tip.ts';

export interface Blocks {
  /** True if the line begins a block or goes on with one. */
  take(text: string, place: Place, out: Sink): boolean;
  readonly isCollecting: boolean;
  end(out: Sink): void;
}

interface Block {
  readonly about: Extract<Diagnostic['about'], 'table' | 'tip'>;
  readonly first: Place;
  last: Place;
  readonly texts: string[];
}

export function createBlocks(joiner: Joiner): Blocks {
  let block: Block | undefined;

  function end(out: Sink): void {
    if (block === undefined) return;
    const { about, first, last, texts } = block;
    block = undefined;
    const rows = about === 'table' ? { rows: readTable(texts) } : {};
    joiner.take(
      { kind: 'diagnostic', about, text: texts.join('\n'), ...rows },
      { ...first, end: last.end },
      out,
    );
  }

  return {
    take(text, place, out) {
      if (block !== undefined) {
        const { about, texts } = block;
        if (about === 'table' ? isTableLine(text) : isTipLine(text, texts.at(-1) ?? '')) {
          texts.push(text);
          block.last = place;
          if (about === 'table' && isTableEnd(text)) end(out);
          return true;
        }
        end(out);
      }
      const about = isTableStart(text) ? 'table' : isTipStart(text) ? 'tip' : undefined;
      if (about === undefined) return false;
      block = { about, first: place, last: place, texts: [text] };
      return true;
    },
    get isCollecting() {
      return block !== undefined;
    },
    end,
  };
}
