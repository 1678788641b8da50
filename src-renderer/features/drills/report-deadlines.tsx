/** By when a drill has its hot-wash, its report in draft and signed: each with how it stands, and where the days come from. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { DrillProgramme } from '#shared/contract/drills';
import type { Deadline } from '#shared/desk/drills/deadlines';
import { useFormat } from '../../components/format/use-format';
import { usePreferences } from '../../state/preferences';
import { useStream } from '../../state/use-stream';

const MARK: Record<Deadline['standing'], string> = { open: '○', overdue: '▲', inTime: '✓', late: '▲', timeUnknown: '✓' };

/** Of one drill, on its page at either desk; nothing before its end. */
export function ReportDeadlines({ drillId }: { drillId: string }): ReactNode {
  const programme = useStream('drills', {}).picture?.programme;
  const { t } = useTranslation('drills');
  const deadlines = programme?.reports.find((report) => report.drillId === drillId)?.deadlines;
  if (programme === undefined || deadlines === undefined) return null;
  return (
    <section className="stack" data-testid="drill-deadlines" data-overdue={isOverdue(deadlines)}>
      <h3>{t('deadlines.title')}</h3>
      <ul className="drill-plain">
        {deadlines.map((deadline) => (
          <li key={deadline.stage} data-testid={`drill-deadline-${deadline.stage}`} data-standing={deadline.standing}>
            <DeadlineText deadline={deadline} />
          </li>
        ))}
      </ul>
      <RuleSource rule={programme.reportRule} />
    </section>
  );
}

export function isOverdue(deadlines: readonly Deadline[]): boolean {
  return deadlines.some(({ standing }) => standing === 'overdue');
}

export function DeadlineText({ deadline }: { deadline: Deadline }): ReactNode {
  const { t } = useTranslation('drills');
  const format = useFormat();
  const { stage, workingDays, dueDay, doneAtMs, standing, isCalendarUnknown } = deadline;
  const words = t(`deadlines.${standing}`, { due: format.tradingDay(dueDay), done: format.dateTime(doneAtMs) });
  const isBad = standing === 'overdue' || standing === 'late';
  return (
    <span className={isBad ? 'drill-overdue' : undefined}>
      {MARK[standing]} {t(`deadlines.stage.${stage}`)}: {words}{' '}
      <span className="secondary">
        ({workingDays === 0 ? t('deadlines.sameDay') : t('deadlines.days', { count: workingDays })}
        {isCalendarUnknown && ` · ${t('deadlines.calendarUnknown')}`})
      </span>
    </span>
  );
}

export function RuleSource({ rule: { citation, citationZh, certainty } }: { rule: DrillProgramme['reportRule'] }): ReactNode {
  const { t } = useTranslation('explain');
  const isChinese = usePreferences((state) => state.language === 'zh-CN');
  return (
    <p className="secondary">
      {isChinese ? citationZh : citation} ({t(`certainty.${certainty}`)})
    </p>
  );
}
