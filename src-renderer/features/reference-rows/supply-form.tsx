/** Supplies a row or changes one, from a notice: what the feed says now stands beside it, every fault at its field, and nothing is sent without a reason. */
import { Button, Dialog, DialogBody, DialogFooter, InputGroup } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { OWN_KINDS, type OwnKind, type Precedence } from '#shared/desk/reference-rows/own-row';
import { type RowFault, readRowTexts } from '#shared/desk/reference-rows/row-file';
import type { Refusal } from '#shared/refusal';
import { Choice } from '../../components/choice';
import { optionsOf } from '../../components/options';
import { RefusalNotice } from '../../components/refusal-notice';
import { Select } from '../../components/select';
import { TextField } from '../../components/text-field';
import { request, useRequest, useStream } from '../../state/use-stream';
import { FormField } from '../rules/rule-fields';
import { useReferenceWords } from './reference-words';
import { CHOICES, FIGURE_FIELDS, isAsked, NAMING_FIELDS, newTexts, type RowTexts } from './row-fields';
import { Differences, UseMark } from './row-standing';

type Props = {
  initial: RowTexts;
  tradingDay: string | null;
  /** The row that is changed; null for a new one. */
  changed: { rowId: string; baseVersion: number } | null;
  /** Where the person should begin. */
  focus: string | null;
  onClose(): void;
};

const PRECEDENCES: readonly Precedence[] = ['onlyWhereMissing', 'insteadOf'];

export function SupplyForm({ initial, tradingDay, changed, focus, onClose }: Props): ReactNode {
  const { t } = useTranslation('reference');
  const words = useReferenceWords();
  const [texts, setTexts] = useState(initial);
  const [reason, setReason] = useState('');
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [isWaiting, setIsWaiting] = useState(false);
  const kind = (texts.kind ?? 'instrument') as OwnKind;
  const known = useKnownContract(kind, texts);
  const textOf = (field: string): string => texts[field] ?? known[field] ?? '';
  const fields = [...NAMING_FIELDS[kind], ...FIGURE_FIELDS[kind]].filter((field) => isAsked(field, textOf));
  // How a rate hangs on the exchange's is said by the fields that it asks for.
  const sent = ['kind', ...fields.filter((name) => name !== 'exchangeLink'), 'effectiveFrom', 'effectiveTo', 'citation', 'certainty', 'precedence'];
  const read = readRowTexts(sent.map((field) => [field, textOf(field)] as const));
  const faults = read.ok ? [] : read.faults;
  const preview = useRequest('reference.preview', read.ok ? { rows: [read.draft] } : null);
  const standing = preview.answer?.standings[0] ?? null;
  const set = (field: string, text: string): void => setTexts((before) => ({ ...before, [field]: text }));
  const isReady = read.ok && reason.trim() !== '' && !isWaiting;
  const send = async (): Promise<void> => {
    if (!read.ok || !isReady) return;
    setIsWaiting(true);
    const outcome =
      changed === null
        ? await request('reference.supply', { rows: [read.draft], reason: reason.trim() })
        : await request('reference.change', { ...changed, row: read.draft, reason: reason.trim() });
    setIsWaiting(false);
    setRefusal(outcome.ok ? null : outcome);
    if (outcome.ok) onClose();
  };
  const field = (name: string, isFixed = false): ReactNode => (
    <RowField
      key={name}
      name={name}
      text={textOf(name)}
      fault={textOf(name) === '' && name !== focus ? null : faultOf(faults, name)}
      isFixed={isFixed}
      hasFocus={name === focus}
      onChange={(text) => set(name, text)}
    />
  );
  const isSent = refusal?.code === 'NEEDS_APPROVAL';
  return (
    <Dialog isOpen onClose={onClose} title={t(changed === null ? 'form.new' : 'form.change')} canOutsideClickClose={false} className="rule-dialog">
      <form
        data-testid="reference-form"
        data-kind={kind}
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <DialogBody>
          {changed === null && (
            <Choice
              label={t('form.kind')}
              name="reference-kind"
              values={OWN_KINDS}
              chosen={kind}
              text={(each) => t(`kind.${each}`)}
              onChoose={(each) => setTexts({ ...newTexts(each, tradingDay), exchangeID: textOf('exchangeID'), instrumentID: textOf('instrumentID') })}
            />
          )}
          <fieldset className="form-part">
            <legend>{t('form.about')}</legend>
            <div className="rule-fields">
              {NAMING_FIELDS[kind].filter((name) => fields.includes(name)).map((name) => field(name, changed !== null))}
            </div>
          </fieldset>
          <fieldset className="form-part">
            <legend>{t('form.figures')}</legend>
            <div className="rule-fields">{FIGURE_FIELDS[kind].filter((name) => fields.includes(name)).map((name) => field(name))}</div>
          </fieldset>
          <fieldset className="form-part">
            <legend>{t('form.source')}</legend>
            <div className="rule-fields">
              {field('effectiveFrom')}
              {kind !== 'preSettlement' && field('effectiveTo')}
              {field('citation')}
              {field('certainty')}
            </div>
          </fieldset>
          <fieldset className="form-part">
            <legend>{words.field('precedence')}</legend>
            <Choice
              label={words.field('precedence')}
              name="reference-precedence"
              values={PRECEDENCES}
              chosen={textOf('precedence') as Precedence}
              text={(each) => t(`value.precedence.${each}`)}
              onChoose={(each) => set('precedence', each)}
            />
            <div className="secondary">{t(`precedenceMeaning.${textOf('precedence')}`)}</div>
            {standing !== null && (
              <div className="stack" data-testid="reference-preview" data-use={standing.use}>
                <div>
                  {t('form.wouldBe')} <UseMark use={standing.use} /> <span className="secondary">{t(`useMeaning.${standing.use}`)}</span>
                </div>
                <Differences standing={standing} />
              </div>
            )}
            <FaultList faults={faults} textOf={textOf} />
          </fieldset>
          <TextField label={t('form.reason')} info={t('app:required')} value={reason} testId="reference-reason" onValueChange={setReason} />
        </DialogBody>
        <DialogFooter
          actions={
            <>
              <Button data-testid="reference-cancel" onClick={onClose}>
                {t(isSent ? 'app:close' : 'app:cancel')}
              </Button>
              <Button type="submit" intent="primary" disabled={!isReady || isSent} loading={isWaiting} data-testid="reference-send">
                {t('form.ask')}
              </Button>
            </>
          }
        >
          {refusal === null ? (
            <span className="secondary">{t('form.needsApproval')}</span>
          ) : (
            <RefusalNotice refusal={refusal} action={t('form.ask')} onLeave={onClose} />
          )}
        </DialogFooter>
      </form>
    </Dialog>
  );
}

/** What the feed says of the contract already, so that only what is missing has to be typed. */
function useKnownContract(kind: OwnKind, { exchangeID, instrumentID }: RowTexts): Record<string, string> {
  const isAsked = kind === 'instrument' && (instrumentID ?? '') !== '';
  const { picture } = useStream('reference', isAsked ? { table: 'instrument', filter: (instrumentID ?? '').slice(0, 100) } : null);
  const row = isAsked ? picture?.rows.find((each) => each.exchangeID === exchangeID && each.instrumentID === instrumentID) : undefined;
  if (row === undefined) return {};
  const figures = Object.fromEntries(Object.entries(row.figures).map(([field, value]) => [field, String(value)]));
  return row.productID === null ? figures : { ...figures, productID: row.productID };
}

function faultOf(faults: readonly RowFault[], name: string): RowFault | null {
  return faults.find(({ field }) => field === name) ?? null;
}

type FieldProps = { name: string; text: string; fault: RowFault | null; isFixed: boolean; hasFocus: boolean; onChange(text: string): void };

function RowField({ name, text, fault, isFixed, hasFocus, onChange }: FieldProps): ReactNode {
  const words = useReferenceWords();
  const choices = CHOICES[name];
  const testId = `reference-field-${name}`;
  return (
    <FormField label={words.field(name)}>
      {choices === undefined ? (
        <InputGroup
          size="small"
          className={name === 'citation' ? 'reference-citation' : ''}
          intent={fault === null ? 'none' : 'danger'}
          autoFocus={hasFocus}
          disabled={isFixed}
          maxLength={name === 'citation' ? 400 : 64}
          value={text}
          data-testid={testId}
          data-faulty={fault !== null}
          onValueChange={onChange}
        />
      ) : (
        <Select
          options={optionsOf(choices.includes(text) ? choices : ['', ...choices], (value) => (value === '' ? '…' : words.value(name, isFlag(value))))}
          value={text}
          disabled={isFixed}
          testId={testId}
          onValueChange={onChange}
        />
      )}
    </FormField>
  );
}

function isFlag(value: string): string | boolean {
  return value === 'true' || value === 'false' ? value === 'true' : value;
}

/** What is still empty is named in one line; what was typed and is wrong, each with why. */
function FaultList({ faults, textOf }: { faults: readonly RowFault[]; textOf(field: string): string }): ReactNode {
  const { t } = useTranslation('reference');
  const words = useReferenceWords();
  if (faults.length === 0) return null;
  const missing = faults.filter(({ field }) => field !== '' && textOf(field).trim() === '');
  const wrong = faults.filter((fault) => !missing.includes(fault));
  return (
    <div className="stack" role="status" data-testid="reference-faults" data-count={faults.length}>
      {missing.length > 0 && (
        <div className="secondary">{t('form.stillMissing', { fields: missing.map(({ field }) => words.field(field)).join(t('form.between')) })}</div>
      )}
      {wrong.length > 0 && (
        <ul className="rule-issues">
          {wrong.map(({ field, message }) => (
            <li key={`${field} ${message}`} data-field={field}>
              {field === '' ? t('form.row') : words.field(field)}: {t('form.wrong')} <span className="secondary">{message}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
