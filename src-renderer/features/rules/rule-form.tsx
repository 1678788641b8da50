/** Writes a rule or changes one: checked while it is typed, tried on a recording before it is saved, saved with a reason. A refusal leaves everything as typed. */
import { Button, Dialog, DialogBody, DialogFooter, InputGroup } from '@blueprintjs/core';
import { type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { RULE_SUBJECTS } from '#shared/desk/rules/metrics';
import { type FigureRule, RULE_MODES, type Rule } from '#shared/desk/rules/rule';
import { RefusalNotice } from '../../components/refusal-notice';
import { TextField } from '../../components/text-field';
import { useAction } from '../../state/use-stream';
import { RuleDryRun } from './rule-dry-run';
import { FormField, NumberField, RuleSelect, WordsField } from './rule-fields';
import { issuesOf, type RuleIssue } from './rule-form-state';
import { RowsForm } from './rule-rows-form';
import { newRung, RungForm } from './rule-rung-form';

type Props = { initial: Rule; baseVersion: number; onSaved(ruleId: string): void; onClose(): void };
const SESSIONS = ['always', 'open'] as const;
const COMBINES = ['separate', 'joint'] as const;
/** Whether an alert of it ends with its condition or only when somebody has seen it. */
const LATCHES = ['byItself', 'byPerson'] as const;
const SCOPES = ['accountIDs', 'controlGroupIDs', 'departmentIDs', 'exchangeIDs', 'productIDs', 'instrumentIDs', 'feedIDs'] as const;

export function RuleForm({ initial, baseVersion, onSaved, onClose }: Props): ReactNode {
  const { t } = useTranslation('rules');
  const [rule, setRule] = useState(initial);
  const [reason, setReason] = useState('');
  const [isTrying, setIsTrying] = useState(false);
  const { run, refusal, isWaiting } = useAction('rule.save');
  const issues = useMemo(() => issuesOf(rule), [rule]);
  const change = (part: Partial<Rule>): void => setRule((before) => ({ ...before, ...part }) as Rule);
  const isReady = issues.length === 0 && reason.trim() !== '';
  const save = async (): Promise<void> => {
    if (isWaiting || !isReady) return;
    const saved = await run({ rule, baseVersion, reason: reason.trim() });
    if (saved !== null) onSaved(saved.rule.ruleId);
  };
  return (
    <Dialog isOpen onClose={onClose} title={t(baseVersion === 0 ? 'newRule' : 'editTitle')} canOutsideClickClose={false} className="rule-dialog">
      <form
        data-testid="rule-form"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <DialogBody>
          <fieldset className="form-part">
            <legend>{t('form.what')}</legend>
            {baseVersion === 0 && (
              <FormField label={t('form.ruleId')}>
                <InputGroup maxLength={64} value={rule.ruleId} data-testid="rule-id" onValueChange={(ruleId) => change({ ruleId })} />
              </FormField>
            )}
            <WordsField label={t('form.name')} testId="rule-name" most={80} words={rule.name} onChange={(name) => change({ name })} />
            <WordsField
              label={t('response')}
              testId="rule-response"
              most={600}
              isLong
              words={rule.response}
              onChange={(response) => change({ response })}
            />
          </fieldset>
          {rule.watches === 'figures' ? (
            <FigureFields rule={rule} issues={issues} isNew={baseVersion === 0} onChange={change} />
          ) : (
            <RowsForm rule={rule} onChange={change} />
          )}
          <fieldset className="form-part">
            <legend>{t('form.where')}</legend>
            <div className="rule-fields">
              {SCOPES.map((key) => (
                <FormField key={key} label={t(`scope.${key}`)}>
                  <InputGroup
                    size="small"
                    placeholder={t('everywhere')}
                    value={(rule.scope[key] ?? []).join(' ')}
                    data-testid={`rule-scope-${key}`}
                    onValueChange={(text) => change({ scope: { ...rule.scope, [key]: text.trim() === '' ? undefined : text.split(/[\s,，]+/) } })}
                  />
                </FormField>
              ))}
            </div>
          </fieldset>
          <fieldset className="form-part">
            <legend>{t('form.when')}</legend>
            <div className="rule-fields">
              <RuleSelect
                label={t('column.mode')}
                testId="rule-mode"
                values={RULE_MODES}
                chosen={rule.mode}
                text={(each) => t(`mode.${each}`)}
                onChoose={(mode) => change({ mode })}
              />
              <RuleSelect
                label={t('fact.session')}
                testId="rule-session"
                values={SESSIONS}
                chosen={rule.session}
                text={(each) => t(`session.${each}`)}
                onChoose={(session) => change({ session })}
              />
              <FormField label={t('form.effectiveFrom')}>
                <InputGroup
                  size="small"
                  maxLength={8}
                  value={rule.effectiveFrom}
                  data-testid="rule-from"
                  onValueChange={(effectiveFrom) => change({ effectiveFrom })}
                />
              </FormField>
              <FormField label={t('form.effectiveTo')}>
                <InputGroup
                  size="small"
                  maxLength={8}
                  placeholder={t('open')}
                  value={rule.effectiveTo ?? ''}
                  data-testid="rule-to"
                  onValueChange={(text) => {
                    const { effectiveTo: _before, ...rest } = rule;
                    setRule(text === '' ? rest : { ...rest, effectiveTo: text });
                  }}
                />
              </FormField>
              <NumberField
                label={t('form.offDelay')}
                testId="rule-off-delay"
                value={rule.offDelayMs / 1000}
                onChange={(seconds) => change({ offDelayMs: seconds * 1000 })}
              />
              <NumberField
                label={t('form.minActive')}
                testId="rule-min-active"
                value={(rule.minActiveMs ?? 0) / 1000}
                onChange={(seconds) => change({ minActiveMs: seconds * 1000 })}
              />
              <RuleSelect
                label={t('form.latched')}
                testId="rule-latched"
                values={LATCHES}
                chosen={rule.isLatched === true ? 'byPerson' : 'byItself'}
                text={(each) => t(`latch.${each}`)}
                onChoose={(latch) => change({ isLatched: latch === 'byPerson' })}
              />
            </div>
          </fieldset>
          {isTrying && issues.length === 0 && <RuleDryRun rule={rule} />}
          <IssueList issues={issues} />
          <TextField label={t('reason')} info={t('app:required')} value={reason} testId="rule-save-reason" onValueChange={setReason} />
        </DialogBody>
        <DialogFooter
          actions={
            <>
              <Button data-testid="rule-cancel" onClick={onClose}>
                {t('app:cancel')}
              </Button>
              <Button disabled={issues.length > 0} data-testid="rule-form-try" onClick={() => setIsTrying(true)}>
                {t('dryRun')}
              </Button>
              <Button type="submit" intent="primary" disabled={!isReady} loading={isWaiting} data-testid="rule-save">
                {t('saveVersion', { version: baseVersion + 1 })}
              </Button>
            </>
          }
        >
          {refusal === null ? (
            <span className="secondary">{t('journalled')}</span>
          ) : (
            <RefusalNotice refusal={refusal} action={t('save')} onLeave={onClose} />
          )}
        </DialogFooter>
      </form>
    </Dialog>
  );
}

type FigureProps = { rule: FigureRule; issues: readonly RuleIssue[]; isNew: boolean; onChange(part: Partial<Rule>): void };

function FigureFields({ rule, issues, isNew, onChange }: FigureProps): ReactNode {
  const { t } = useTranslation('rules');
  const needed = new Set([...Object.keys(rule.parameters), ...issues.flatMap(({ path }) => (path.startsWith('parameters.') ? path.slice(11) : []))]);
  return (
    <>
      <fieldset className="form-part">
        <legend>{t('form.watches')}</legend>
        <div className="rule-fields">
          <RuleSelect
            label={t('fact.subject')}
            testId="rule-subject"
            values={RULE_SUBJECTS}
            chosen={rule.subject}
            text={(each) => t(`subject.${each}`)}
            isDisabled={!isNew}
            onChoose={(subject) => onChange({ subject, rungs: [newRung(subject, 1)] })}
          />
          <RuleSelect
            label={t('fact.combine')}
            testId="rule-combine"
            values={COMBINES}
            chosen={rule.combine}
            text={(each) => t(`combine.${each}`)}
            onChoose={(combine) => onChange({ combine })}
          />
          <NumberField
            label={t('form.onDelay')}
            testId="rule-on-delay"
            value={rule.onDelayMs / 1000}
            onChange={(seconds) => onChange({ onDelayMs: seconds * 1000 })}
          />
          <NumberField
            label={t('form.unknownAfter')}
            testId="rule-unknown-after"
            value={rule.unknownAfterMs / 1000}
            onChange={(seconds) => onChange({ unknownAfterMs: seconds * 1000 })}
          />
          {[...needed].map((name) => {
            const isLength = name.endsWith('Ms');
            const value = rule.parameters[name] ?? Number.NaN;
            return (
              <NumberField
                key={name}
                label={`${t(`parameter.${name}`, { defaultValue: name })}${isLength ? t('form.inSeconds') : ''}`}
                testId={`rule-parameter-${name}`}
                value={isLength ? value / 1000 : value}
                onChange={(number) => onChange({ parameters: { ...rule.parameters, [name]: isLength ? number * 1000 : number } })}
              />
            );
          })}
        </div>
      </fieldset>
      {rule.rungs.map((rung, at) => (
        <RungForm
          // biome-ignore lint/suspicious/noArrayIndexKey: a rung of a form is its place; its name may change while it is typed
          key={at}
          at={at}
          subject={rule.subject}
          rung={rung}
          issues={issues.filter(({ path }) => path.startsWith(`rungs.${at}.`))}
          onChange={(changed) => onChange({ rungs: rule.rungs.map((one, place) => (place === at ? changed : one)) })}
          onRemove={rule.rungs.length === 1 ? null : () => onChange({ rungs: rule.rungs.filter((_one, place) => place !== at) })}
        />
      ))}
      <Button
        size="small"
        disabled={rule.rungs.length >= 8}
        data-testid="rung-add"
        onClick={() => onChange({ rungs: [...rule.rungs, newRung(rule.subject, rule.rungs.length + 1)] })}
      >
        + {t('form.addRung')}
      </Button>
    </>
  );
}

function IssueList({ issues }: { issues: readonly RuleIssue[] }): ReactNode {
  const { t } = useTranslation('rules');
  if (issues.length === 0) return null;
  return (
    <ul className="rule-issues" role="status" data-testid="rule-issues" data-count={issues.length}>
      {issues.map(({ path, fault, message }) => (
        <li key={`${path} ${message}`} data-path={path}>
          <span className="mono">{path}</span>: {fault === null ? t('fault.invalid') : t(`fault.${fault}`)}
          {fault === null && <span className="secondary"> {message}</span>}
        </li>
      ))}
    </ul>
  );
}
