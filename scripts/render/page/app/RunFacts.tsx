import { visible } from '../../paint.ts';
import { useApp } from './app-state.ts';

/** On what machine, with which recorders and clocks, by which commands. */
export function RunFacts() {
  const { run, scenes, folder } = useApp().report;
  const { machine, kernel, netfilter, kernelClock, tools } = run;
  const facts: readonly (readonly [string, string])[] = [
    ['Run', folder],
    ['Machine', `${machine.system}, Linux ${machine.kernel}, ${machine.arch}, ${machine.cpus} processors`],
    ['Hosts', `${run.backend}, as ${run.user} user`],
    ['Begun', new Date(Number(BigInt(run.startedNs) / 1_000_000n)).toISOString()],
    ['Took', `${(run.wallMs / 1000).toFixed(1)} s`],
    [
      'Kernel’s tracer',
      `${kernel?.tier ?? 'none'}${kernel?.why === undefined ? '' : `; not deeper: ${kernel.why}`}`,
    ],
    ['Rules', `${netfilter.recorder}${netfilter.why === undefined ? '' : `: ${netfilter.why}`}`],
  ];
  const clocks: readonly (readonly [string, string, string])[] = [
    [
      'strace',
      'CLOCK_REALTIME, at the entry of the call',
      '1 ns printed; the tracer itself delays a call by some 10 µs',
    ],
    ['tcpdump', 'CLOCK_REALTIME, by the kernel', '1 ns printed'],
    [
      'kernel.log',
      'the kernel log’s own clock, converted',
      kernelClock === undefined ? 'not in this run' : `± ${Math.ceil(kernelClock.uncertaintyNs / 1000)} µs`,
    ],
    ['kernel.trace', 'CLOCK_REALTIME’s tracing clock, converted', '1 µs printed, cut off'],
    ['output', 'CLOCK_REALTIME, when the lab read the line', 'some 100 µs late'],
  ];
  return (
    <article class="document" tabIndex={0} aria-label="How it was recorded">
      <h1>How it was recorded</h1>
      <dl class="facts">
        {[...facts, ...Object.entries(tools)].map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{visible(value)}</dd>
          </div>
        ))}
      </dl>
      <table>
        <caption>Clocks, and how far they can be trusted</caption>
        <thead>
          <tr>
            <th scope="col">Recorder</th>
            <th scope="col">Clock</th>
            <th scope="col">Uncertainty</th>
          </tr>
        </thead>
        <tbody>
          {clocks.map((row) => (
            <tr key={row[0]}>
              {row.map((cell) => (
                <td key={cell}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <h2>Commands</h2>
      <p>For the shell of make shell HOST=client or HOST=server, whichever host is named.</p>
      {scenes.map(({ folder, commands }) => (
        <details key={folder}>
          <summary>{visible(folder)}</summary>
          <pre tabIndex={0}>
            {commands.map(
              ({ host, line, ended }) => `# ${host}, ended with ${visible(ended)}\n${visible(line)}\n`,
            )}
          </pre>
        </details>
      ))}
    </article>
  );
}
