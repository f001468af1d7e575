/** Scenes, opened as they are asked for. */
import { useEffect, useState } from 'preact/hooks';
import type { Report, ScenePage } from '../data/report.ts';
import { openedScene, openScene, type Scene } from './scene.ts';

/** One per variant; undefined until it is open. */
export function useScenes(
  report: Report,
  page: ScenePage | undefined,
  variants: readonly string[],
): readonly (Scene | undefined)[] {
  const places = variants.map((variant) => page?.recorded[variant]);
  const key = places.join(' ');
  const [opened, setOpened] = useState<{ key: string; scenes: (Scene | undefined)[] }>({
    key: '',
    scenes: [],
  });
  useEffect(() => {
    let wanted = true;
    const opening = places.map((place) =>
      place === undefined ? Promise.resolve(undefined) : openScene(place, report.scenes),
    );
    void Promise.all(opening).then((scenes) => wanted && setOpened({ key, scenes }));
    return () => {
      wanted = false;
    };
  }, [key]);
  return opened.key === key ? opened.scenes : places.map(openedScene);
}
