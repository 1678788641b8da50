/** What was critical and failed in a drill: whoever owns the plan hears of it now, at either desk; the report can wait. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { DrillResult } from '#shared/desk/drills/result';
import { useWords } from './use-words';

export function LapseList({ lapses }: { lapses: DrillResult['lapses'] }): ReactNode {
  const { t } = useTranslation('drills');
  const words = useWords();
  if (lapses.length === 0) return null;
  return (
    <div className="drill-bad" role="status" data-testid="drill-lapses" data-count={lapses.length}>
      <strong>▲ {t('lapses')}</strong>
      <ul className="drill-plain">
        {lapses.map(({ task, why }) => (
          <li key={`${task.en} ${why}`}>
            {words(task)}: {t(`lapse.${why}`)}
          </li>
        ))}
      </ul>
    </div>
  );
}
