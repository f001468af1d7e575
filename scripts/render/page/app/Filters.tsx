import { useMemo } from 'preact/hooks';
import { tabs } from './app-state.ts';
import { everything, nameOf, protocolOf, type Filter } from './filter.ts';
import type { Side } from './side.ts';

interface Props {
  readonly sides: readonly Side[];
  readonly filter: Filter;
  readonly change: (filter: Filter) => void;
  readonly count: number;
}

/** Which events are shown, in the timelines and in the table beside them. */
export function Filters({ sides, filter, change, count }: Props) {
  const found = useMemo(() => {
    const [hosts, protocols, calls] = [new Set<string>(), new Set<string>(), new Set<string>()];
    for (const { scene } of sides)
      for (let n = 0; n < scene.length; n += 1) {
        const entry = scene.entry(n);
        hosts.add(entry.host);
        protocols.add(protocolOf(entry) ?? '');
        calls.add(nameOf(entry) ?? '');
      }
    return { hosts, protocols, calls };
  }, [sides.map(({ scene }) => scene.head.folder).join(' ')]);
  const choice = (label: string, key: keyof Filter, values: Iterable<string>) => (
    <label>
      <span class="unseen">{label}</span>
      <select
        value={filter[key]}
        onChange={({ currentTarget: { value } }) => change({ ...filter, [key]: value })}
      >
        <option value="">every {label}</option>
        {[...values]
          .filter((value) => value !== '')
          .toSorted()
          .map((value) => (
            <option key={value} value={value}>
              {value}
            </option>
          ))}
      </select>
    </label>
  );
  const isAll = Object.values(filter).every((value: string) => value === '');
  return (
    <div class="options">
      {choice('recorder', 'recorder', tabs)}
      {choice('host', 'host', found.hosts)}
      {choice('protocol', 'protocol', found.protocols)}
      {choice('call', 'call', found.calls)}
      <label>
        <span class="unseen">words</span>
        <input
          type="search"
          placeholder="words"
          value={filter.query}
          onInput={({ currentTarget: { value } }) => change({ ...filter, query: value })}
        />
      </label>
      <button type="button" disabled={isAll} onClick={() => change(everything)}>
        All
      </button>
      <span class="legend" role="status">
        {count} events
      </span>
    </div>
  );
}
