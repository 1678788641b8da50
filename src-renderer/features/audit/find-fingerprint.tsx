/** Somebody brings a signed sheet or an export: is its fingerprint one of this record's, and where. */
import { Button, InputGroup } from '@blueprintjs/core';
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PRINTED_FINGERPRINT } from '#shared/contract/audit';
import type { RequestAnswer } from '#shared/contract/requests';
import { useFormat } from '../../components/format/use-format';
import { RefusalNotice } from '../../components/refusal-notice';
import { useAction } from '../../state/use-stream';

export function FindFingerprint({ onOpen }: { onOpen(sequence: number): void }): ReactNode {
  const { t } = useTranslation('audit');
  const format = useFormat();
  const field = useId();
  const [typed, setTyped] = useState('');
  const [found, setFound] = useState<RequestAnswer<'audit.findFingerprint'> | null>(null);
  const finding = useAction('audit.findFingerprint');
  const fingerprint = typed.trim().toLowerCase();
  const isWhole = PRINTED_FINGERPRINT.test(fingerprint);
  return (
    <div className="section-note stack">
      <form
        className="row"
        onSubmit={(event) => {
          event.preventDefault();
          if (isWhole) void finding.run({ fingerprint }).then(setFound);
        }}
      >
        <label htmlFor={field}>{t('printed.label')}</label>
        <InputGroup
          id={field}
          size="small"
          className="mono"
          autoFocus
          maxLength={80}
          placeholder="1482:6b0f34bd3447"
          value={typed}
          data-testid="audit-printed"
          onValueChange={(value) => {
            setTyped(value);
            setFound(null);
          }}
        />
        <Button type="submit" size="small" disabled={!isWhole} loading={finding.isWaiting} data-testid="audit-printed-find">
          {t('printed.find')}
        </Button>
      </form>
      <RefusalNotice refusal={finding.refusal} action={t('printed.open')} />
      {found !== null && (
        <output className={found.verdict === 'holds' ? '' : 'audit-differs'} data-testid="audit-printed-found" data-verdict={found.verdict}>
          {found.verdict === 'holds' ? '✓ ' : '▲ '}
          {t(`printed.${found.verdict}`, {
            sequence: found.sequence,
            ours: found.ours ?? '',
            time: found.wallTime === null ? '' : format.dateTime(Date.parse(found.wallTime)),
          })}{' '}
          {found.verdict !== 'beyond' && (
            <Button size="small" data-testid="audit-printed-show" onClick={() => onOpen(found.sequence)}>
              {t('printed.show')}
            </Button>
          )}
        </output>
      )}
    </div>
  );
}
