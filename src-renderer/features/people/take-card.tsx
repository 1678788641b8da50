/** Takes in another desk's card: the fingerprint that was heard by telephone, and who of that desk is who here; other people then agree to it. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PersonView } from '#shared/contract/people';
import type { RequestAnswer } from '#shared/contract/requests';
import { LARGEST_LETTER_CHARACTERS } from '#shared/desk/devices/letter';
import { type Refusal, refuse } from '#shared/refusal';
import { EntryField } from '../../components/entry-field';
import { FileChoice } from '../../components/file-choice';
import { RefusalNotice } from '../../components/refusal-notice';
import { Select } from '../../components/select';
import { TableHead } from '../../components/table-head';
import { TextField } from '../../components/text-field';
import { request } from '../../state/use-stream';
import { personOptions } from './person-options';

type Read = RequestAnswer<'device.read'>;

export function TakeCard({ people, onTaken }: { people: readonly PersonView[]; onTaken: () => void }): ReactNode {
  const { t } = useTranslation('people');
  const [read, setRead] = useState<Read | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  return (
    <div className="stack">
      <h4>{t('desks.take')}</h4>
      <div className="row">
        <span>{t('desks.cardFile')}</span>
        <FileChoice
          text={t('plans:chooseFile')}
          accept=".json"
          testId="desk-card-choose"
          inputTestId="desk-card-file"
          onFile={async (file) => {
            const outcome = await readCard(file);
            setRead(outcome.ok ? outcome.value : null);
            setRefusal(outcome.ok ? null : outcome);
          }}
        />
      </div>
      <RefusalNotice refusal={refusal} action={t('desks.take')} />
      {read !== null && (
        <CardForm
          key={`${read.card.device} ${read.card.madeAtMs}`}
          read={read}
          people={people}
          onDone={() => {
            setRead(null);
            onTaken();
          }}
        />
      )}
    </div>
  );
}

async function readCard(file: File): ReturnType<typeof request<'device.read'>> {
  if (file.size > LARGEST_LETTER_CHARACTERS) return refuse('INVALID', 'text: is larger than any card', 'text');
  const text = await file.text();
  return text === '' ? refuse('INVALID', 'text: is empty', 'text') : request('device.read', { text });
}

function CardForm({ read, people, onDone }: { read: Read; people: readonly PersonView[]; onDone: () => void }): ReactNode {
  const { t } = useTranslation('people');
  const { card, known } = read;
  const here = people.filter(({ state }) => state === 'active');
  const [heard, setHeard] = useState('');
  const [reason, setReason] = useState('');
  const [ours, setOurs] = useState<Record<string, string>>(() =>
    Object.fromEntries((known?.people ?? []).flatMap((each) => (each.ours === null ? [] : [[each.personId, each.ours]]))),
  );
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [isWaiting, setIsWaiting] = useState(false);
  const isReady = heard.trim() !== '' && reason.trim() !== '';
  const submit = async (): Promise<void> => {
    setIsWaiting(true);
    const same = card.people.flatMap(({ personId }) => {
      const chosen = ours[personId] ?? '';
      return chosen === '' ? [] : [{ theirs: personId, ours: chosen }];
    });
    const outcome = await request('device.trust', { card, heard, people: same, reason: reason.trim() });
    setIsWaiting(false);
    setRefusal(outcome.ok ? null : outcome);
    if (outcome.ok) onDone();
  };
  return (
    <form
      className="stack"
      data-testid="desk-card-form"
      data-device={card.device}
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady && !isWaiting) void submit();
      }}
    >
      <p>{t('desks.cardOf', { desk: card.deskName, count: card.people.length })}</p>
      {!card.isClaimed && <p className="secondary">{t('desks.unclaimed')}</p>}
      <EntryField
        label={t('desks.heard')}
        help={t('desks.heardHelp')}
        className="mono"
        autoComplete="off"
        maxLength={20}
        value={heard}
        testId="desk-card-heard"
        onValueChange={setHeard}
      />
      <table className="same-people">
        <TableHead headings={[t('desks.there'), t('desks.here')]} />
        <tbody>
          {card.people.map(({ personId, displayName }) => (
            <tr key={personId}>
              <th scope="row">{displayName}</th>
              <td>
                <Select
                  label={t('desks.hereFor', { name: displayName })}
                  options={personOptions(here, t('desks.nobody'))}
                  value={ours[personId] ?? ''}
                  testId={`desk-card-same-${personId}`}
                  onValueChange={(value) => setOurs({ ...ours, [personId]: value })}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <TextField label={t('reason')} value={reason} testId="desk-card-reason" onValueChange={setReason} />
      <RefusalNotice refusal={refusal} action={t('desks.take')} />
      <div>
        <Button type="submit" intent="primary" disabled={!isReady} loading={isWaiting} data-testid="desk-card-trust">
          {t('desks.trust')}
        </Button>
      </div>
    </form>
  );
}
