/** Whom the firm has to call, and how far each call has come: made here, delivered by people, never sent by itself. */
import { Button, Checkbox, InputGroup } from '@blueprintjs/core';
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { NoticeCandidate } from '#shared/contract/notices';
import { MOST_DUE_MS, type Notice } from '#shared/desk/notices/notice';
import { useFormat } from '../../components/format/use-format';
import { ItemList } from '../../components/item-list';
import { MasterDetail } from '../../components/master-detail';
import { RefusalNotice } from '../../components/refusal-notice';
import { useMarketTimeZone } from '../../state/shown-market';
import { useAction, useStream } from '../../state/use-stream';
import { NoticeState, NoticeView } from './notice-view';
import './notices.css';

const MINUTE_MS = 60_000;
/** What still wants a person first. */
const RANK: Record<Notice['state'], number> = { failed: 0, generated: 1, sent: 2, received: 3, confirmed: 4, withdrawn: 5 };

export function NoticesPanel(): ReactNode {
  const { t } = useTranslation('notices');
  const { picture, refusal, isConnected } = useStream('notices', {});
  const [openId, setOpenId] = useState<string | null>(null);
  if (picture === null) {
    return refusal === null ? (
      <div className="empty">{isConnected ? t('app:loading') : t('table:noEngine')}</div>
    ) : (
      <RefusalNotice refusal={refusal} />
    );
  }
  const notices = [...picture.notices].sort((a, b) => RANK[a.state] - RANK[b.state] || b.generatedAtMs - a.generatedAtMs);
  const opened = notices.find(({ noticeId }) => noticeId === openId) ?? null;
  return (
    <div className="panel" data-testid="notices" data-candidates={picture.candidates.length} data-count={notices.length}>
      <div className="panel-bar">
        <span className="secondary">{t('nothingSent')}</span>
      </div>
      <RefusalNotice refusal={refusal} action={t('title')} />
      {!picture.isDataLive && (
        <div className="notices-stale" role="alert" data-testid="notices-not-live">
          ▲ {t('notLive')}
        </div>
      )}
      {picture.candidates.length > 0 && <Candidates candidates={picture.candidates} dueAfterMs={picture.dueAfterMs} onMade={setOpenId} />}
      {picture.isDataLive && picture.candidates.length === 0 && (
        <div className="section-note" data-testid="notices-nobody">
          {t('nobody')}
        </div>
      )}
      {notices.length === 0 && (
        <div className="empty" data-testid="notices-none">
          <strong>{t('none')}</strong>
          <span>{t('noneMeaning')}</span>
        </div>
      )}
      {notices.length > 0 && (
        <MasterDetail
          list={<List notices={notices} openId={openId} onOpen={setOpenId} />}
          detail={opened === null ? null : <NoticeView key={opened.noticeId} notice={opened} />}
          onBack={() => setOpenId(null)}
        />
      )}
    </div>
  );
}

type CandidatesProps = { candidates: NoticeCandidate[]; dueAfterMs: number | null; onMade(noticeId: string): void };

function Candidates({ candidates, dueAfterMs, onMade }: CandidatesProps): ReactNode {
  const { t } = useTranslation('notices');
  const format = useFormat();
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const generate = useAction('notice.generate');
  const dueField = useId();
  const [due, setDue] = useState(dueAfterMs === null ? '' : String(dueAfterMs / MINUTE_MS));
  const dueInMs = due.trim() === '' ? undefined : Math.round(Number(due) * MINUTE_MS);
  const isDueWrong = dueInMs !== undefined && !(dueInMs >= MINUTE_MS && dueInMs <= MOST_DUE_MS);
  const hasCalls = candidates.some(({ level }) => level === 'marginCall');
  const sorted = [...candidates].sort(
    (a, b) => (a.level === b.level ? 0 : a.level === 'forceLiquidation' ? -1 : 1) || a.accountID.localeCompare(b.accountID),
  );
  const wanted = sorted.map(({ accountID }) => accountID).filter((accountID) => !left.has(accountID));
  const toggle = (accountID: string): void =>
    setLeft((before) => new Set(before.has(accountID) ? [...before].filter((each) => each !== accountID) : [...before, accountID]));
  return (
    <section className="notice-candidates" aria-label={t('candidates')}>
      <div className="row">
        <strong>{t('candidates')}</strong>
        <span className="spacer" />
        {hasCalls && (
          <>
            <label htmlFor={dueField} title={t('dueMeaning')}>
              {t('dueIn')}
            </label>
            <InputGroup
              id={dueField}
              className="notice-due"
              size="small"
              inputMode="numeric"
              value={due}
              intent={isDueWrong ? 'danger' : 'none'}
              data-testid="notice-due-in"
              onValueChange={setDue}
            />
          </>
        )}
        <Button
          intent="primary"
          size="small"
          disabled={wanted.length === 0 || isDueWrong}
          loading={generate.isWaiting}
          data-testid="notice-generate"
          onClick={async () => {
            const made = await generate.run({ accountIDs: wanted, ...(dueInMs === undefined ? {} : { dueInMs }) });
            const [first] = made?.notices ?? [];
            if (first !== undefined) onMade(first.noticeId);
          }}
        >
          {t('generate', { count: wanted.length })}
        </Button>
      </div>
      <RefusalNotice refusal={generate.refusal} action={t('title')} />
      <ul className="candidate-list">
        {sorted.map(({ accountID, accountName, level, standing, figures }) => (
          <li key={accountID} data-testid="notice-candidate" data-account={accountID}>
            <Checkbox inline checked={!left.has(accountID)} onChange={() => toggle(accountID)}>
              <strong>{accountID}</strong> {accountName}
            </Checkbox>
            <span className="notice-level" data-level={level}>
              {t(`level.${level}`)}
            </span>
            {standing !== null && <span className="secondary">{t('after', { level: t(`level.${standing}`) })}</span>}
            <span className="candidate-figures">
              {t('riskDegree', { degree: format.percent(figures.riskDegree) })} ·{' '}
              {t('shortOf', { money: format.money(figures.marginCall, figures.currencyID) })}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function List({ notices, openId, onOpen }: { notices: Notice[]; openId: string | null; onOpen(id: string): void }): ReactNode {
  const { t } = useTranslation('notices');
  const format = useFormat();
  const timeZone = useMarketTimeZone();
  return (
    <ItemList
      items={notices}
      idOf={({ noticeId }) => noticeId}
      openId={openId}
      onOpen={onOpen}
      label={t('title')}
      testId="notice-item"
      marksOf={({ state, accountID }) => ({ 'data-state': state, 'data-account': accountID })}
    >
      {(notice) => (
        <>
          <span className="row">
            <strong>{notice.accountID}</strong> <span className="secondary truncate">{notice.accountName}</span>
            <span className="spacer" />
            <NoticeState state={notice.state} />
          </span>
          <span className="row secondary">
            <span className="notice-level" data-level={notice.level}>
              {t(`level.${notice.level}`)}
            </span>{' '}
            {format.tradingDay(notice.tradingDay)} · {format.dateTime(notice.generatedAtMs)}
            {notice.dueAtMs !== null && ` · ${t('due', { time: format.marketDateTime(notice.dueAtMs, timeZone) })}`}
          </span>
        </>
      )}
    </ItemList>
  );
}
