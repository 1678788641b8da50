/** The record as an auditor reads it: a question, the entries that answer it, one entry whole, and evidence to take away. */
import { Button, InputGroup } from '@blueprintjs/core';
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MasterDetail } from '../../components/master-detail';
import { RefusalNotice } from '../../components/refusal-notice';
import { useMay, usePersonName } from '../../state/auth';
import { useStream } from '../../state/use-stream';
import { AuditDetail } from './audit-detail';
import { EMPTY_FORM, type FilterForm, filterOf } from './audit-filter';
import { AuditList } from './audit-list';
import { ExportDialog } from './export-dialog';
import { FindFingerprint } from './find-fingerprint';
import { KindFilter } from './kind-filter';
import { useRecord } from './use-record';
import './audit.css';
import { MomentField } from '../../components/moment-field';
import { optionsOf } from '../../components/options';
import { Select } from '../../components/select';

const FIELDS = ['text', 'subject'] as const;

export function AuditPanel(): ReactNode {
  const { t } = useTranslation('audit');
  const nameOf = usePersonName();
  const { picture, refusal } = useStream('audit', {});
  const names = useStream('auth', {}).picture?.names ?? {};
  const mayExport = useMay('audit.export');
  const fieldId = useId();
  const [form, setForm] = useState(EMPTY_FORM);
  const [version, setVersion] = useState(0);
  const [openAt, setOpenAt] = useState<number | null>(null);
  const [isFinding, setIsFinding] = useState(false);
  const [isExporting, setIsExporting] = useState(false);
  const filter = filterOf(form);
  const record = useRecord(filter, version);
  const put = (part: Partial<FilterForm>): void => setForm((before) => ({ ...before, ...part }));
  const newest = record.entries[0]?.sequence ?? 0;
  const isNewer = picture !== null && Object.keys(filter).length === 0 && picture.headSequence > newest && newest > 0;
  return (
    <div className="panel" data-testid="audit" data-head={picture?.headSequence ?? ''}>
      <div className="panel-bar audit-filter">
        {FIELDS.map((field) => (
          <InputGroup
            key={field}
            size="small"
            maxLength={200}
            className="audit-field"
            placeholder={t(`filter.${field}`)}
            aria-label={t(`filter.${field}`)}
            value={form[field]}
            data-testid={`audit-filter-${field}`}
            onValueChange={(value) => put({ [field]: value })}
          />
        ))}
        <KindFilter types={form.types} onChange={(types) => put({ types })} />
        <Select
          label={t('filter.actor')}
          options={[{ value: '', label: t('filter.everybody') }, ...optionsOf([...Object.keys(names), 'engine', 'watch'], nameOf)]}
          value={form.actor}
          testId="audit-filter-actor"
          onValueChange={(actor) => put({ actor })}
        />
        <Select
          label={t('filter.signed')}
          options={optionsOf(['all', 'signed', 'unsigned'] as const, (each) => t(`signed.${each}`))}
          value={form.signed}
          testId="audit-filter-signed"
          onValueChange={(signed) => put({ signed })}
        />
        {(['from', 'to'] as const).map((field) => (
          <label key={field} htmlFor={`${fieldId}-${field}`} className="audit-time">
            {t(`filter.${field}`)}
            <MomentField
              id={`${fieldId}-${field}`}
              label={t(`filter.${field}`)}
              value={form[field]}
              testId={`audit-filter-${field}`}
              onChange={(value) => put({ [field]: value })}
            />
          </label>
        ))}
        {Object.keys(filter).length > 0 && (
          <Button size="small" variant="minimal" data-testid="audit-filter-clear" onClick={() => setForm(EMPTY_FORM)}>
            {t('filter.clear')}
          </Button>
        )}
        <Button size="small" data-testid="audit-refresh" onClick={() => setVersion((value) => value + 1)}>
          {isNewer ? t('newer', { count: (picture?.headSequence ?? 0) - newest }) : t('refresh')}
        </Button>
        <span className="spacer" />
        <Button size="small" active={isFinding} aria-pressed={isFinding} data-testid="audit-printed-open" onClick={() => setIsFinding(!isFinding)}>
          {t('printed.open')}
        </Button>
        {mayExport && (
          <Button size="small" intent="primary" data-testid="audit-export" onClick={() => setIsExporting(true)}>
            {t('export.button')}
          </Button>
        )}
      </div>
      {picture !== null && (
        <p className="section-note one-line mono" data-testid="audit-fingerprint" title={picture.root}>
          {t('head', {
            count: picture.headSequence,
            fingerprint: `${picture.headSequence}:${picture.fingerprint}`,
            anchored: picture.checkpoint?.size ?? 0,
          })}
        </p>
      )}
      {isFinding && <FindFingerprint onOpen={setOpenAt} />}
      <RefusalNotice refusal={refusal ?? record.refusal} action={t('title')} />
      <MasterDetail
        list={<AuditList record={record} openAt={openAt} onOpen={setOpenAt} />}
        detail={
          openAt === null ? null : (
            <AuditDetail
              key={openAt}
              sequence={openAt}
              onOpen={setOpenAt}
              onSubject={(subject) => setForm({ ...EMPTY_FORM, subject })}
              onActor={(actor) => setForm({ ...EMPTY_FORM, actor })}
            />
          )
        }
        onBack={() => setOpenAt(null)}
      />
      {isExporting && <ExportDialog filter={filter} onClose={() => setIsExporting(false)} />}
    </div>
  );
}
