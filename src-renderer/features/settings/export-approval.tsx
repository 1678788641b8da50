/** From how many rows on a table leaves only with somebody else's approval; the change itself is approved too. */
import { Button, NumericInput } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TextDialog } from '../../components/text-dialog';
import { useMay } from '../../state/auth';
import { request, useRequest, useStream } from '../../state/use-stream';

const MOST_ROWS = 10_000_000;

export function ExportApproval(): ReactNode {
  const { t } = useTranslation('settings');
  const mayChange = useMay('settings.desk');
  const approvals = useStream('approvals', {}).picture;
  // The one that was carried out need not be the first of the list.
  const settings = useRequest('settings.get', {}, Math.max(0, ...(approvals?.approvals ?? []).map(({ sequence }) => sequence)));
  const [draft, setDraft] = useState<number | null>(null);
  const [asked, setAsked] = useState<number | null | undefined>(undefined);
  const shipped = approvals?.policies.find(({ policyId }) => policyId === 'largeExport')?.fromRows ?? null;
  const inForce = settings.answer?.exportApprovalRows ?? shipped;
  const isOwn = typeof settings.answer?.exportApprovalRows === 'number';
  const rows = draft ?? inForce;
  if (rows === null) return null;
  return (
    <section className="card stack" data-testid="export-approval" data-rows={inForce ?? ''} data-own={isOwn}>
      <h3>{t('exportRowsTitle')}</h3>
      <div className="row">
        <NumericInput
          min={1}
          max={MOST_ROWS}
          value={rows}
          disabled={!mayChange}
          aria-label={t('exportRows')}
          data-testid="export-approval-rows"
          onValueChange={(value) => setDraft(Number.isFinite(value) ? Math.round(value) : null)}
        />
        <span>{t('exportRows')}</span>
        {mayChange && (
          <Button disabled={draft === null || draft === inForce} data-testid="export-approval-set" onClick={() => setAsked(rows)}>
            {t('exportRowsSet')}
          </Button>
        )}
        {mayChange && isOwn && shipped !== null && (
          <Button variant="outlined" data-testid="export-approval-policy" onClick={() => setAsked(null)}>
            {t('exportRowsPolicy', { rows: shipped })}
          </Button>
        )}
      </div>
      <TextDialog
        isOpen={asked !== undefined}
        title={asked === null ? t('exportRowsPolicy', { rows: shipped ?? '' }) : t('exportRowsSet')}
        label={t('exportRowsReason')}
        confirm={t('exportRowsAsk')}
        isRequired
        testId="export-approval-reason"
        onConfirm={async (reason) => {
          const outcome = await request('settings.change', { key: 'exportApprovalRows', value: asked ?? null, reason });
          if (outcome.ok) setDraft(null);
          return outcome;
        }}
        onClose={() => setAsked(undefined)}
      >
        <p>{t('exportRowsMeaning')}</p>
      </TextDialog>
    </section>
  );
}
