import { Fragment, type JSX } from 'preact';
import { align, folded } from '../../align.ts';
import { labelOf } from '../../ledger.ts';
import { visible } from '../../paint.ts';
import { ownAccount, type StepCell } from '../data/report.ts';
import { useLights } from './lights.ts';
import { Chosen } from './Chosen.tsx';
import { protocolOf, type Side } from './side.ts';

/** Rows are steps of the sockets API, columns are TCP and UDP: the call, its packets, its way through the kernel. */
export function StepTable({ sides, look }: { sides: readonly Side[]; look: string }) {
  const hosts = sides[0]?.scene.head.hosts.map(({ name }) => name) ?? [];
  return (
    <>
      <p class="look">{look}</p>
      <table class="steps">
        <caption class="unseen">
          Steps of the sockets API, {sides.map(({ variant }) => labelOf(variant)).join(' and ')}
        </caption>
        <colgroup>
          <col class="names" />
        </colgroup>
        {hosts.map((host) => (
          <HostSteps key={host} host={host} sides={sides} />
        ))}
      </table>
    </>
  );
}

export function HostSteps({ host, sides }: { host: string; sides: readonly Side[] }) {
  const rows = stepRows(host, sides);
  return (
    <>
      <tbody class="host">
        <tr>
          <th scope="col">{host}</th>
          {sides.map(({ variant }) => (
            <th key={variant} scope="col" class={protocolOf(variant)}>
              {labelOf(variant)}
            </th>
          ))}
        </tr>
      </tbody>
      {rows.map((row, n) =>
        'more' in row ? (
          <tbody key={n} class="more">
            <tr>
              <td />
              <td colSpan={sides.length}>… {row.more} more steps</td>
            </tr>
          </tbody>
        ) : (
          <StepRows key={n} name={row.name} cells={row.cells} sides={sides} />
        ),
      )}
    </>
  );
}

export interface StepRow {
  readonly name: string;
  readonly cells: readonly (StepCell | undefined)[];
}

/** A busy program takes thousands of steps: of those the table has the first, the sequence and the timeline all. */
const mostSteps = 150;

/** Equal steps of both columns in one row, as in the terminal's table. */
export function stepRows(host: string, sides: readonly Side[]): (StepRow | { more: number })[] {
  const lists = sides.map(({ scene }) => scene.steps.filter((step) => step.host === host));
  const [first = [], second = []] = lists.map((list) => list.slice(0, mostSteps));
  const left = Math.max(0, ...lists.map(({ length }) => length - mostSteps));
  const rows = folded(
    align(first, second).map(([one, other]) => ({
      name: one?.name ?? other?.name ?? '',
      cells: sides.length === 1 ? [one] : [one, other],
    })),
  );
  return left === 0 ? rows : [...rows, { more: left }];
}

/** A step: its call, and where there is something to say the wire, the kernel's path, the states. */
export function StepRows({ name, cells, sides }: StepRow & { sides: readonly Side[] }) {
  const lights = useLights(sides);
  const row = (
    title: string,
    className: string,
    say: (cell: StepCell, side: Side) => JSX.Element | string,
  ) => (
    <tr class={className}>
      <th scope="row">{title}</th>
      {sides.map((side, n) => {
        const cell = cells[n];
        return (
          <td key={side.variant}>{cell === undefined ? <span class="none">–</span> : say(cell, side)}</td>
        );
      })}
    </tr>
  );
  const some = (what: (cell: StepCell) => boolean) => cells.some((cell) => cell !== undefined && what(cell));
  const lit = sides.some((side, n) => cells[n]?.calls.some((id) => lights(side, id) !== '') ?? false);
  return (
    <tbody class={lit ? 'step lit' : 'step'}>
      {name !== ownAccount &&
        row(name, 'call', ({ call, calls: [id] }, side) => (
          <Chosen side={side} id={id} class="call" light={id === undefined ? '' : lights(side, id)}>
            {visible(call)}
          </Chosen>
        ))}
      {some(({ wire }) => wire.length > 0) &&
        row(name === ownAccount ? name : 'wire', 'wire', ({ wire }, side) =>
          wire.length === 0 ? (
            <span class="nothing">nothing</span>
          ) : (
            <>
              {shortened(wire).map((one) =>
                typeof one === 'number' ? (
                  <span key="more" class="nothing">
                    … {one} more …
                  </span>
                ) : (
                  <Fragment key={one.id}>
                    <Chosen side={side} id={one.id} class="chip" light={lights(side, one.id)}>
                      {visible(one.text)}
                    </Chosen>{' '}
                  </Fragment>
                ),
              )}
            </>
          ),
        )}
      {some(({ path }) => path !== '') &&
        row('kernel', 'kernel', ({ path }) => <span class="path">{path}</span>)}
      {some(({ states }) => states !== '') && row('state', 'state', ({ states }) => visible(states))}
    </tbody>
  );
}

/** Of many packets the first and the last ones, and how many lie between. */
function shortened<One>(wire: readonly One[]): (One | number)[] {
  return wire.length <= 12 ? [...wire] : [...wire.slice(0, 8), wire.length - 10, ...wire.slice(-2)];
}
