import { useMemo, useState } from 'preact/hooks';
import { visible } from '../../paint.ts';
import { fieldsOf, type Field } from '../../../parse/fields.ts';

/** Enough for every header; a payload's beginning. */
const shownBytes = 256;
const perRow = 8;

/** A frame field by field, and the bytes that say it: pointing at one shows the other. */
export function FrameBytes({ linkType, bytes }: { linkType: number; bytes: Uint8Array }) {
  const fields = useMemo(() => fieldsOf(linkType, bytes), [linkType, bytes]);
  const [lit, setLit] = useState<Field>();
  const layers = [...Map.groupBy(fields, ({ layer }) => layer)];
  const shown = bytes.subarray(0, shownBytes);
  return (
    <div class="frame-bytes">
      <div class="fields" tabIndex={0} role="region" aria-label="Fields of the frame">
        {layers.map(([layer, list]) => (
          <table key={layer}>
            <caption>
              {layer}
              <span class="extent">
                {' '}
                bytes {list[0]?.from}–{(list.at(-1)?.until ?? 1) - 1}
              </span>
            </caption>
            <tbody>
              {list.map((field) => (
                <tr
                  key={`${field.name} ${field.from}`}
                  class={field === lit ? 'related' : ''}
                  onMouseEnter={() => setLit(field)}
                  onMouseLeave={() => setLit(undefined)}
                >
                  <th scope="row">{field.name}</th>
                  <td>{visible(field.value)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        ))}
      </div>
      <pre class="hex" tabIndex={0} aria-label="Bytes of the frame">
        {Array.from(shown, (byte, n) => {
          const field = fields.find(({ from, until }) => from <= n && n < until);
          const on = lit !== undefined && lit.from <= n && n < lit.until;
          return (
            <span
              key={n}
              class={`${on ? 'related ' : ''}layer-${layers.findIndex(([layer]) => layer === field?.layer) % 4}`}
              onMouseEnter={() => setLit(field)}
              onMouseLeave={() => setLit(undefined)}
            >
              {byte.toString(16).padStart(2, '0')}
              {n % perRow === perRow - 1 ? '\n' : ' '}
            </span>
          );
        })}
        {bytes.length > shownBytes && `… ${bytes.length - shownBytes} more bytes`}
      </pre>
    </div>
  );
}
