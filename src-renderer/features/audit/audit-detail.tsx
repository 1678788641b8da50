/** One entry whole: who, when, what it changed, what its signature is worth, what else happened to the same thing, and its proof. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ChangeTable } from '../../components/change-table';
import { useKindName, useSubjectName } from '../../components/entry-words';
import { useFormat } from '../../components/format/use-format';
import { RefusalNotice } from '../../components/refusal-notice';
import { type Mark, StateMark } from '../../components/state-mark';
import { usePersonName } from '../../state/auth';
import { useAction, useRequest } from '../../state/use-stream';
import { accountText } from './account-text';
import { ProofView, type Proved } from './proof-view';

type Props = { sequence: number; onOpen(sequence: number): void; onSubject(subject: string): void; onActor(actor: string): void };

const MARKS: Record<string, Mark> = {
  valid: 'live',
  confirmed: 'live',
  revoked: 'stale',
  unsigned: 'unknown',
  none: 'unknown',
  unknownKey: 'down',
  bad: 'down',
  missing: 'down',
};
const PROOF_TIMEOUT_MS = 60_000;

export function AuditDetail({ sequence, onOpen, onSubject, onActor }: Props): ReactNode {
  const { t } = useTranslation('audit');
  const format = useFormat();
  const nameOf = usePersonName();
  const kindOf = useKindName();
  const subjectOf = useSubjectName();
  const { answer, refusal, reload } = useRequest('audit.entry', { sequence });
  const proving = useAction('audit.prove');
  const [proved, setProved] = useState<Proved | null>(null);
  if (answer === null)
    return refusal === null ? <div className="empty">{t('app:loading')}</div> : <RefusalNotice refusal={refusal} onRetry={reload} />;
  const { entry, mark, keyId, change, history, prevHash, payloadHash, hlc } = answer;
  const prove = async (): Promise<void> => setProved(await proving.run({ sequence }, PROOF_TIMEOUT_MS));
  return (
    <article className="audit-entry panel-pad stack" data-testid="audit-entry" data-sequence={entry.sequence} data-mark={mark}>
      <header className="row">
        <h3>
          {t('entry', { sequence: entry.sequence })} · {kindOf(entry.type)} <span className="mono secondary audit-raw">{entry.type}</span>
        </h3>
        <StateMark mark={MARKS[mark] ?? 'unknown'}>{t(`mark.${mark}`)}</StateMark>
      </header>
      <div>
        <button type="button" className="link-button" data-testid="audit-actor" onClick={() => onActor(entry.actor)}>
          {nameOf(entry.actor)}
        </button>{' '}
        <span className="mono secondary">{entry.actor}</span> · {format.dateTime(Date.parse(entry.wallTime))} ·{' '}
        <button type="button" className="link-button" title={entry.subject} data-testid="audit-subject" onClick={() => onSubject(entry.subject)}>
          {subjectOf(entry.subject)}
        </button>
        {entry.about !== null && (
          <>
            {' · '}
            {t('account')} {accountText(entry.about)}
          </>
        )}
      </div>
      {change === null ? (
        entry.payload === null ? (
          <div data-testid="audit-destroyed">{t('destroyed')}</div>
        ) : (
          <ChangeTable before={null} after={JSON.parse(entry.payload)} labels={{ before: '', after: t('payload') }} testId="audit-payload" />
        )
      ) : (
        <>
          {change.beforeSequence !== null && (
            <div className="secondary">
              {t('comparedWith')}{' '}
              <button type="button" className="link-button" onClick={() => onOpen(change.beforeSequence ?? sequence)}>
                {t('entry', { sequence: change.beforeSequence })}
              </button>
            </div>
          )}
          <ChangeTable before={change.before} after={change.after} labels={{ before: t('before'), after: t('after') }} testId="audit-change" />
        </>
      )}
      <section className="stack">
        <h4>{t('history')}</h4>
        <ol className="audit-history" data-testid="audit-history">
          {history.map((each) => (
            <li key={each.sequence} aria-current={each.sequence === sequence}>
              <button type="button" className="link-button" onClick={() => onOpen(each.sequence)}>
                {each.sequence}
              </button>{' '}
              <span title={each.type}>{kindOf(each.type)}</span> · {nameOf(each.actor)} · {format.dateTime(Date.parse(each.wallTime))}
            </li>
          ))}
        </ol>
      </section>
      <dl className="audit-facts mono">
        <dt>{t('fact.entryHash')}</dt>
        <dd>{entry.entryHash}</dd>
        <dt>{t('fact.prevHash')}</dt>
        <dd>{prevHash}</dd>
        <dt>{t('fact.payloadHash')}</dt>
        <dd>{payloadHash}</dd>
        <dt>{t('fact.key')}</dt>
        <dd>{keyId ?? '–'}</dd>
        <dt>{t('fact.session')}</dt>
        <dd>{entry.session}</dd>
        <dt>{t('fact.clock')}</dt>
        <dd>{hlc}</dd>
      </dl>
      <div>
        <Button size="small" loading={proving.isWaiting} data-testid="audit-prove" onClick={() => void prove()}>
          {t('proof.make')}
        </Button>
      </div>
      <RefusalNotice refusal={proving.refusal} action={t('proof.make')} />
      {proved !== null && <ProofView proved={proved} />}
    </article>
  );
}
