/** Desks that this one believes: gives out this desk's card, takes in another's, says whose person is whose, and ends it. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PersonView } from '#shared/contract/people';
import type { RequestAnswer } from '#shared/contract/requests';
import type { KnownDevice } from '#shared/desk/devices/device';
import { EntryField } from '../../components/entry-field';
import { useFormat } from '../../components/format/use-format';
import { RefusalNotice } from '../../components/refusal-notice';
import { TextDialog } from '../../components/text-dialog';
import { useNow } from '../../state/use-now';
import { request, useAction, useRequest, useStream } from '../../state/use-stream';
import { TakeCard } from './take-card';

export function OtherDesks({ people, mayManage }: { people: readonly PersonView[]; mayManage: boolean }): ReactNode {
  const { t } = useTranslation('people');
  // What two people agreed to was carried out by the engine, and not by this page.
  const approvals = useStream('approvals', {}).picture?.approvals ?? [];
  const list = useRequest('device.list', {}, Math.max(0, ...approvals.map(({ sequence }) => sequence)));
  const devices = list.answer?.devices ?? [];
  if (!mayManage && devices.length === 0) return null;
  return (
    <section className="card stack" data-testid="other-desks" data-count={devices.length}>
      <h3>{t('desks.title')}</h3>
      <p className="secondary">{t('desks.meaning')}</p>
      <RefusalNotice refusal={list.refusal} onRetry={list.reload} />
      {devices.map((device) => (
        <DeskRow key={device.device} device={device} people={people} mayManage={mayManage} onChanged={list.reload} />
      ))}
      {devices.length === 0 && <p className="secondary">{t('desks.none')}</p>}
      {mayManage && <GiveCard />}
      {mayManage && <TakeCard people={people} onTaken={list.reload} />}
    </section>
  );
}

type RowProps = { device: KnownDevice; people: readonly PersonView[]; mayManage: boolean; onChanged: () => void };

function DeskRow({ device, people, mayManage, onChanged }: RowProps): ReactNode {
  const { t } = useTranslation('people');
  const format = useFormat();
  const nowMs = useNow();
  const [isAsking, setIsAsking] = useState(false);
  const state = device.withdrawn !== null ? 'withdrawn' : nowMs >= device.expiresAtMs ? 'expired' : 'believed';
  const nameOf = (personId: string): string => people.find((each) => each.personId === personId)?.displayName ?? personId;
  return (
    <div className="stack known-desk" data-testid="known-desk" data-device={device.device} data-state={state}>
      <div className="row">
        <strong>{device.deskName}</strong>
        <span className="known-desk-state" data-state={state}>
          {t(`desks.state.${state}`, {
            time: format.dateTime(device.withdrawn?.atMs ?? device.expiresAtMs),
            reason: device.withdrawn?.reason ?? '',
          })}
        </span>
        <span className="mono secondary">{grouped(device.fingerprint)}</span>
        <span className="spacer" />
        {mayManage && device.withdrawn === null && (
          <Button size="small" intent="danger" variant="outlined" data-testid="known-desk-withdraw" onClick={() => setIsAsking(true)}>
            {t('desks.withdraw')}
          </Button>
        )}
      </div>
      <ul className="known-desk-people">
        {device.people.map(({ personId, displayName, ours }) => (
          <li key={personId}>
            {displayName} <span className="secondary">→</span> {ours === null ? <span className="secondary">{t('desks.nobody')}</span> : nameOf(ours)}
          </li>
        ))}
      </ul>
      <TextDialog
        isOpen={isAsking}
        title={t('desks.withdrawTitle', { desk: device.deskName })}
        label={t('reason')}
        confirm={t('desks.withdraw')}
        isRequired
        intent="danger"
        testId="known-desk-withdraw-dialog"
        onClose={() => setIsAsking(false)}
        onConfirm={async (reason) => {
          const outcome = await request('device.withdraw', { device: device.device, reason });
          if (outcome.ok) onChanged();
          return outcome;
        }}
      >
        <p>{t('desks.withdrawMeaning')}</p>
      </TextDialog>
    </div>
  );
}

function GiveCard(): ReactNode {
  const { t } = useTranslation('people');
  const [deskName, setDeskName] = useState('');
  const [given, setGiven] = useState<RequestAnswer<'device.card'> | null>(null);
  const giving = useAction('device.card');
  return (
    <form
      className="stack"
      onSubmit={async (event) => {
        event.preventDefault();
        const answer = await giving.run({ deskName: deskName.trim() });
        if (answer !== null) setGiven(answer);
      }}
    >
      <h4>{t('desks.give')}</h4>
      <EntryField label={t('desks.name')} maxLength={64} value={deskName} testId="desk-card-name" onValueChange={setDeskName} />
      <div>
        <Button type="submit" disabled={deskName.trim() === ''} loading={giving.isWaiting} data-testid="desk-card-give">
          {t('desks.giveButton')}
        </Button>
      </div>
      <RefusalNotice refusal={giving.refusal} action={t('desks.give')} />
      {given !== null && (
        <output className="stack" data-testid="desk-card-given" data-path={given.path} data-fingerprint={given.fingerprint}>
          <span>{t('desks.given', { count: given.card.people.length })}</span>
          <strong className="mono desk-fingerprint">{grouped(given.fingerprint)}</strong>
          <span className="mono made-file-path">{given.path}</span>
        </output>
      )}
    </form>
  );
}

/** As it is read aloud. */
function grouped(fingerprint: string): string {
  return fingerprint.replace(/(.{4})(?=.)/g, '$1 ');
}
