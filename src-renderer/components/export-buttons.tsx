/** Writes what a table shows to a file, as CSV or workbook, and says where it lies and that the journal knows of it. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExportMade } from '#shared/contract/numbers-desk';
import type { RequestPayload } from '#shared/contract/requests';
import { useAction } from '../state/use-stream';
import { useExportWords } from './export-words';
import { useFormat } from './format/use-format';
import { MadeFile } from './made-file';
import './export-buttons.css';

/** Large tables take a while to write; giving up earlier would only leave the person unsure. */
const EXPORT_TIMEOUT_MS = 120_000;

type Wish = Omit<RequestPayload<'export.table'>, 'format'>;
const WHOLE: Omit<Wish, 'table'> = { scope: {}, filter: '', sort: null, lockedDays: 3, limitsBy: 'controlGroup', headings: {}, words: {} };

type Props = {
  /** What to write, asked for at the moment of the click; what is left out is the whole desk, unfiltered. */
  payload: () => Partial<Wish> & Pick<Wish, 'table'>;
  testId: string;
};

export function ExportButtons({ payload, testId }: Props): ReactNode {
  const { t } = useTranslation('export');
  const [made, setMade] = useState<ExportMade | null>(null);
  const { run, refusal, isWaiting, clear } = useAction('export.table');
  const format = useFormat();
  const wordsOf = useExportWords();
  const write = async (kind: 'csv' | 'xlsx'): Promise<void> => {
    setMade(null);
    const wish = payload();
    const { headings, words } = wordsOf(wish.table);
    setMade(
      await run(
        { ...WHOLE, ...wish, words: { ...words, ...wish.words }, headings: { ...headings, ...wish.headings }, format: kind },
        EXPORT_TIMEOUT_MS,
      ),
    );
  };
  return (
    <div className="export-buttons" data-testid={testId}>
      <span className="export-label">{t('label')}</span>
      {(['csv', 'xlsx'] as const).map((kind) => (
        <Button
          key={kind}
          size="small"
          disabled={isWaiting}
          title={t(`hint.${kind}`)}
          data-testid={`${testId}-${kind}`}
          onClick={() => void write(kind)}
        >
          {t(`format.${kind}`)}
        </Button>
      ))}
      <MadeFile
        made={made}
        headline={made === null ? '' : t('made', { count: made.rowCount, rows: format.number(made.rowCount), bytes: format.bytes(made.bytes) })}
        refusal={refusal}
        action={t('label')}
        testId="export-made"
        onClose={() => {
          setMade(null);
          clear();
        }}
      />
    </div>
  );
}
