/** The duty roster: who holds which step of the ladder from when to when, who holds it now, and when nobody does. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RequestAnswer } from '#shared/contract/requests';
import { ESCALATION_ROLES } from '#shared/desk/alerts/policy';
import type { DeliverySettings } from '#shared/desk/delivery/channel';
import { localInputOf, msOfLocalInput } from '../../components/format/moment-text';
import { useFormat } from '../../components/format/use-format';
import { MomentField } from '../../components/moment-field';
import { optionsOf } from '../../components/options';
import { Select } from '../../components/select';
import { TableHead, unseen } from '../../components/table-head';
import { usePersonName } from '../../state/person-names';
import { useNow } from '../../state/use-now';
import { useStream } from '../../state/use-stream';

type Row = NonNullable<DeliverySettings['roster']>[number];
type Props = {
  rows: readonly Row[];
  picture: Pick<RequestAnswer<'delivery.get'>, 'onDutyNow' | 'rosterGaps'>;
  onChange(rows: Row[]): void;
};

const HOUR_MS = 3_600_000;
const SHIFT_HOURS = 12;

/** The names of everybody the desk knows, for a choice of one. */
export function usePeopleChoice(): { value: string; label: string }[] {
  const names = useStream('auth', {}).picture?.names ?? {};
  return Object.entries(names)
    .map(([value, label]) => ({ value, label }))
    .sort((a, b) => a.label.localeCompare(b.label));
}

export function RosterForm({ rows, picture, onChange }: Props): ReactNode {
  const { t } = useTranslation('delivery');
  const format = useFormat();
  const nameOf = usePersonName();
  const nowMs = useNow();
  const shown = rows.filter(({ toMs }) => toMs > nowMs).sort((a, b) => a.fromMs - b.fromMs);
  const over = rows.length - shown.length;
  return (
    <section className="card stack" data-testid="roster" data-rows={shown.length}>
      <h3>{t('roster.title')}</h3>
      <p className="secondary">{t('roster.meaning')}</p>
      {rows.length > 0 && (
        <ul className="alert-notes" data-testid="roster-now">
          {picture.onDutyNow
            .filter(({ role }) => rows.some((row) => row.role === role))
            .map(({ role, personIds }) => (
              <li key={role} data-role={role}>
                {t(`alerts:told.role.${role}`)}: <strong>{personIds.length === 0 ? t('roster.nobodyNow') : personIds.map(nameOf).join(', ')}</strong>
              </li>
            ))}
          {picture.rosterGaps.map(({ role, fromMs, toMs }) => (
            <li key={`${role} ${fromMs}`} data-testid="roster-gap">
              ⚠ {t('roster.gap', { role: t(`alerts:told.role.${role}`), from: format.dateTime(fromMs), to: format.dateTime(toMs) })}
            </li>
          ))}
        </ul>
      )}
      {shown.length > 0 && (
        <table className="plain-table" data-testid="roster-rows">
          <TableHead headings={[t('roster.person'), t('roster.role'), t('roster.from'), t('roster.to'), unseen(t('remove'))]} />
          <tbody>
            {shown.map((row) => (
              <tr key={row.dutyId} data-testid="roster-row" data-now={row.fromMs <= nowMs}>
                <td>
                  {row.fromMs <= nowMs ? '● ' : ''}
                  {nameOf(row.personId)}
                </td>
                <td>{t(`alerts:told.role.${row.role}`)}</td>
                <td>{format.dateTime(row.fromMs)}</td>
                <td>{format.dateTime(row.toMs)}</td>
                <td>
                  <Button
                    size="small"
                    variant="minimal"
                    intent="danger"
                    aria-label={t('roster.removeOf', { person: nameOf(row.personId) })}
                    onClick={() => onChange(rows.filter(({ dutyId }) => dutyId !== row.dutyId))}
                  >
                    {t('remove')}
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {over > 0 && <span className="secondary">{t('roster.over', { count: over })}</span>}
      <NewDuty onAdd={(row) => onChange([...rows, row])} />
    </section>
  );
}

/** Offers the twelve hours that begin with this one. */
function NewDuty({ onAdd }: { onAdd(row: Row): void }): ReactNode {
  const { t } = useTranslation('delivery');
  const people = usePeopleChoice();
  const [hourMs] = useState(() => Math.floor(Date.now() / HOUR_MS) * HOUR_MS);
  const [personId, setPersonId] = useState('');
  const [role, setRole] = useState<Row['role']>('second');
  const [from, setFrom] = useState(localInputOf(hourMs));
  const [to, setTo] = useState(localInputOf(hourMs + SHIFT_HOURS * HOUR_MS));
  const fromMs = msOfLocalInput(from);
  const toMs = msOfLocalInput(to);
  const isWhole = personId !== '' && fromMs !== null && toMs !== null && toMs > fromMs;
  const add = (): void => {
    if (personId === '' || fromMs === null || toMs === null) return;
    onAdd({ dutyId: `${role}.${personId}.${fromMs}`.slice(0, 64), personId, role, fromMs, toMs });
    // The next one most often begins where this one ends.
    setFrom(to);
    setTo(localInputOf(toMs + (toMs - fromMs)));
  };
  return (
    <div className="row" data-testid="roster-new">
      <Select
        label={t('roster.person')}
        testId="roster-person"
        options={[{ value: '', label: t('roster.choose') }, ...people]}
        value={personId}
        onValueChange={setPersonId}
      />
      <Select
        label={t('roster.role')}
        testId="roster-role"
        options={optionsOf(ESCALATION_ROLES, (value) => t(`alerts:told.role.${value}`))}
        value={role}
        onValueChange={setRole}
      />
      <span className="row">
        {t('roster.from')}
        <MomentField label={t('roster.from')} value={from} testId="roster-from" onChange={setFrom} />
      </span>
      <span className="row">
        {t('roster.to')}
        <MomentField label={t('roster.to')} value={to} testId="roster-to" onChange={setTo} />
      </span>
      <Button size="small" disabled={!isWhole} data-testid="roster-add" onClick={add}>
        {t('roster.add')}
      </Button>
    </div>
  );
}
