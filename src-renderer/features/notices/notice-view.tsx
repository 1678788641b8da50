/** One notice: its words to copy, the figures it froze, what was tried, and the next thing that happened to it. */
import { Button, InputGroup } from '@blueprintjs/core';
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NEXT_NOTICE_STATES, NOTICE_METHODS, type Notice } from '#shared/desk/notices/notice';
import { copyText } from '../../components/copy-text';
import { useFormat } from '../../components/format/use-format';
import { optionsOf } from '../../components/options';
import { RefusalNotice } from '../../components/refusal-notice';
import { Select } from '../../components/select';
import { openPanel } from '../../state/navigation';
import { usePersonName } from '../../state/person-names';
import { usePreferences } from '../../state/preferences';
import { useMarketTimeZone } from '../../state/shown-market';
import { useAction } from '../../state/use-stream';

const GLYPHS: Record<Notice['state'], string> = { generated: '●', sent: '→', failed: '▲', received: '◐', confirmed: '✓', withdrawn: '✕' };

export function NoticeState({ state }: { state: Notice['state'] }): ReactNode {
  const { t } = useTranslation('notices');
  return (
    <span className="notice-state" data-state={state} data-testid="notice-state">
      <span aria-hidden="true">{GLYPHS[state]} </span>
      {t(`state.${state}`)}
    </span>
  );
}

type Followed = Exclude<Notice['state'], 'generated'>;

export function NoticeView({ notice }: { notice: Notice }): ReactNode {
  const { t } = useTranslation('notices');
  const format = useFormat();
  const nameOf = usePersonName();
  const timeZone = useMarketTimeZone();
  const isChinese = usePreferences((state) => state.language === 'zh-CN');
  const [methodField, noteField] = [useId(), useId()];
  const [method, setMethod] = useState<(typeof NOTICE_METHODS)[number]>('phone');
  const [note, setNote] = useState('');
  const follow = useAction('notice.follow');
  const { noticeId, accountID, state, figures } = notice;
  const next = NEXT_NOTICE_STATES[state].filter((each): each is Followed => each !== 'generated');
  const needsNote = (to: Followed): boolean => to === 'failed' || to === 'withdrawn';
  const record = async (to: Followed): Promise<void> => {
    const isDelivery = to === 'sent' || to === 'failed';
    if ((await follow.run({ accountID, noticeId, state: to, method: isDelivery ? method : null, note: note.trim() })) !== null) setNote('');
  };
  return (
    <article className="panel-pad stack" data-testid="notice" data-state={state}>
      <header className="row">
        <h3>
          {t(`level.${notice.level}`)} {accountID} <span className="secondary">{notice.accountName}</span>
        </h3>
        <NoticeState state={state} />
        <span className="spacer" />
        <Button size="small" onClick={() => openPanel('account', { accountID })}>
          {t('overview:openAccount')}
        </Button>
      </header>
      {(['zh', 'en'] as const)
        .slice()
        .sort((a) => ((a === 'zh') === isChinese ? -1 : 1))
        .map((language) => (
          <div key={language} className="notice-text" lang={language === 'zh' ? 'zh-CN' : 'en'}>
            <p data-testid={`notice-text-${language}`}>{notice.text[language]}</p>
            <Button size="small" onClick={() => copyText(notice.text[language])}>
              {t('copy')}
            </Button>
          </div>
        ))}
      <div className="secondary">
        {t('madeBy', { person: nameOf(notice.generatedBy), time: format.dateTime(notice.generatedAtMs) })} ·{' '}
        {notice.dueAtMs !== null && (
          <strong data-testid="notice-due">{t('due', { time: format.marketDateTime(notice.dueAtMs, timeZone) })} · </strong>
        )}
        {notice.answered !== null && (
          <strong data-testid="notice-answered">
            {t('answered', { time: format.dateTime(notice.answered.atMs), degree: format.percent(notice.answered.figures.riskDegree) })} ·{' '}
          </strong>
        )}
        {t('asOf', { time: format.marketDateTime(figures.asOfMs, timeZone) })} ·{' '}
        {t('template', { id: t(`level.${notice.level}`), version: notice.templateVersion })}
      </div>
      <ol className="notice-steps" data-testid="notice-steps">
        {notice.steps.map((step) => (
          <li key={`${step.atMs} ${step.state}`}>
            <NoticeState state={step.state} /> {step.method !== null && t(`method.${step.method}`)} {step.note}{' '}
            <span className="secondary">
              {nameOf(step.by)}, {format.dateTime(step.atMs)}
            </span>
          </li>
        ))}
      </ol>
      {next.length > 0 && (
        <>
          <div className="row">
            <label htmlFor={methodField}>{t('by')}</label>
            <Select
              id={methodField}
              options={optionsOf(NOTICE_METHODS, (each) => t(`method.${each}`))}
              value={method}
              testId="notice-method"
              onValueChange={setMethod}
            />
            <label htmlFor={noteField}>{t('note')}</label>
            <InputGroup id={noteField} className="notice-note" maxLength={2000} value={note} data-testid="notice-note" onValueChange={setNote} />
          </div>
          <div className="row">
            {next.map((to) => (
              <Button
                key={to}
                size="small"
                intent={to === 'sent' || to === 'confirmed' ? 'primary' : 'none'}
                disabled={needsNote(to) && note.trim() === ''}
                title={needsNote(to) && note.trim() === '' ? t('noteNeeded') : ''}
                loading={follow.isWaiting}
                data-testid={`notice-to-${to}`}
                onClick={() => void record(to)}
              >
                {t(`record.${to}`)}
              </Button>
            ))}
          </div>
        </>
      )}
      <RefusalNotice refusal={follow.refusal} action={t('title')} />
    </article>
  );
}
