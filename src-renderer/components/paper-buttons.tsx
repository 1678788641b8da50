/** Puts a plan, run, incident, report or drill on paper: as PDF or Word, in either language, and says where the file lies and that the journal knows of it. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PAPER_FORMATS, PAPER_LANGUAGES, type PaperMade, type PaperOf } from '#shared/contract/paper';
import { usePreferences } from '../state/preferences';
import { useAction } from '../state/use-stream';
import { Choice } from './choice';
import { useFormat } from './format/use-format';
import { MadeFile } from './made-file';
import './paper-buttons.css';

/** The shell gives up after ninety seconds and says why; only then may the page stop waiting. */
const PRINT_TIMEOUT_MS = 100_000;

export function PaperButtons({ of, testId = 'paper' }: { of: PaperOf; testId?: string }): ReactNode {
  const { t } = useTranslation('paper');
  const pageLanguage = usePreferences((state) => state.language);
  const [chosen, setChosen] = useState<(typeof PAPER_LANGUAGES)[number] | null>(null);
  const [made, setMade] = useState<PaperMade | null>(null);
  const { run, refusal, isWaiting, clear } = useAction('paper.make');
  const { bytes } = useFormat();
  const language = chosen ?? pageLanguage;
  return (
    <div className="paper-buttons" data-testid={`${testId}-buttons`}>
      <span className="secondary">{t('print')}</span>
      <Choice
        label={t('language')}
        name={`${testId}-language`}
        values={PAPER_LANGUAGES}
        chosen={language}
        text={(each) => t(`tongue.${each}`)}
        onChoose={setChosen}
      />
      {PAPER_FORMATS.map((format) => (
        <Button
          key={format}
          size="small"
          disabled={isWaiting}
          title={t(`hint.${format}`)}
          data-testid={`${testId}-${format}`}
          onClick={() => {
            setMade(null);
            void run({ of, format, language }, PRINT_TIMEOUT_MS).then(setMade);
          }}
        >
          {t(`make.${format}`)}
        </Button>
      ))}
      <MadeFile
        made={made === null ? null : { ...made, proof: made.fingerprint }}
        headline={made === null ? '' : t('made', { size: bytes(made.bytes) })}
        refusal={refusal}
        action={t('print')}
        testId="paper-made"
        onClose={() => {
          setMade(null);
          clear();
        }}
      />
    </div>
  );
}
