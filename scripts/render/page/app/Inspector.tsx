import { refer } from '../../ledger.ts';
import { visible } from '../../paint.ts';
import type { Entry } from '../data/report.ts';
import { useApp } from './app-state.ts';
import { tiesOf } from './related.ts';
import type { Scene } from './scene.ts';
import { formatMs, type Side } from './side.ts';

/** What the chosen event means, what it has to do with others, and where it stands. */
export function Inspector({ side, entry }: { side: Side; entry: Entry | undefined }) {
  const { state, choose } = useApp();
  const { chosen } = state.place;
  if (entry === undefined)
    return (
      <div class="inspector" aria-label="Meaning" role="region" tabIndex={0}>
        {chosen === undefined ? (
          <p class="hint">
            Choose a call, a packet or a line: what belongs to it lights up, and here stands what it means.
          </p>
        ) : (
          <p class="hint">No event of this scene stands at {chosen}: the line is raw.</p>
        )}
      </div>
    );
  const { scene, variant } = side;
  const { means = '', cites = '', words = [] } = entry;
  return (
    <div class="inspector" aria-label="Meaning" role="region" aria-live="polite" tabIndex={0}>
      <h2>
        <span class={`kind ${entry.kind}`}>{entry.kind === 'call' ? `${entry.name}(2)` : entry.kind}</span>{' '}
        <span class="who">{entry.host}</span>
        <span class="time"> {formatMs(entry.atNs - scene.entry(0).atNs)} ms</span>
      </h2>
      <p class="means">
        {sentence(entry, means)} <cite>{cites}</cite>
      </p>
      {entry.fate !== undefined && <p class="fate">{fates[entry.fate]}</p>}
      <dl class="ties">
        {tiesOf(scene, entry).map(({ what, ids, certainty }) => (
          <div key={`${what} ${certainty ?? ''}`}>
            <dt>
              {what}
              {certainty !== undefined && <Certainty certainty={certainty} />}
            </dt>
            <dd>
              {ids.slice(0, most).map((id) => (
                <button key={id} type="button" class="event chip" onClick={() => choose(id, variant)}>
                  {visible(briefly(scene, id))}
                </button>
              ))}
              {ids.length > most && ` and ${ids.length - most} more`}
            </dd>
          </div>
        ))}
        <Places entry={entry} side={side} />
      </dl>
      {words.length > 0 && (
        <dl class="words">
          {words.map(({ word, means: meaning, source }) => (
            <div key={word}>
              <dt>{word}</dt>
              <dd>
                {meaning} <cite>{source}</cite>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}

/** Of many events that belong to one. */
const most = 8;

const fates = {
  lost: '✕ A rule of this lesson dropped it on its way in, behind the LOG rule.',
  unread: '○ It reached the host; no call ever took it in.',
} as const;

const sentence = ({ host, kind }: Entry, text: string): string =>
  kind === 'kernel' ? visible(text) : `The ${host} ${visible(text)}.`;

export function Certainty({ certainty }: { certainty: 'measured' | 'inferred' }) {
  return (
    <span
      class={`certainty ${certainty}`}
      title={
        certainty === 'measured'
          ? 'The kernel’s tracer saw it inside the call'
          : 'From addresses, bytes and time'
      }
    >
      {certainty === 'measured' ? '● measured' : '○ inferred'}
    </span>
  );
}

function briefly(scene: Scene, id: string): string {
  const entry = scene.find(id);
  if (entry === undefined) return id;
  const text = entry.say.length > 60 ? `${entry.say.slice(0, 60)}…` : entry.say;
  return entry.kind === 'packet' ? `${text} from ${entry.host}` : text;
}

/** The raw lines that say it, with each recorder's stamp; a capture of one host, a line of the log of another. */
function Places({ entry, side }: { entry: Entry; side: Side }) {
  const { choose, report } = useApp();
  const begin = side.scene.entry(0).atNs;
  const sightings =
    entry.kind === 'packet'
      ? entry.sightings
      : [{ source: entry.source, line: entry.line, atNs: entry.atNs, hook: undefined }];
  const clock = report.run.kernelClock;
  return (
    <div>
      <dt>seen in</dt>
      <dd>
        <ul class="places">
          {sightings.map(({ source, line, atNs, hook }) => (
            <li key={refer(source, line)}>
              <button
                type="button"
                class="reference"
                onClick={() => choose(refer(source, line), side.variant)}
              >
                {refer(source, line)}
              </button>{' '}
              <span class="stamp">
                {formatMs(atNs - begin)} ms
                {hook !== undefined && `, ${hook}`}
                {source === 'kernel.log' &&
                  clock !== undefined &&
                  `, ± ${Math.ceil(clock.uncertaintyNs / 1000)} µs`}
              </span>
            </li>
          ))}
        </ul>
      </dd>
    </div>
  );
}
