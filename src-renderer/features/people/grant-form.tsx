/** Gives a person a role for the whole firm or a part of it, and says beforehand which roles they can never hold together. */
import { Button, Checkbox } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PersonView } from '#shared/contract/people';
import type { RequestAnswer } from '#shared/contract/requests';
import { ROLE_NAMES, type RoleName } from '#shared/desk/people/person';
import { Choice } from '../../components/choice';
import { EntryField } from '../../components/entry-field';
import { optionsOf } from '../../components/options';
import { RefusalNotice } from '../../components/refusal-notice';
import { SelectField } from '../../components/select';
import { useAction } from '../../state/use-stream';

type Props = { person: PersonView; book: RequestAnswer<'people.roles'>; onDone: () => void };

export function GrantForm({ person, book, onDone }: Props): ReactNode {
  const { t } = useTranslation('people');
  const [role, setRole] = useState<RoleName>('dutyOfficer');
  const [kind, setKind] = useState<'firm' | 'part'>('firm');
  const [departments, setDepartments] = useState<string[]>([]);
  const [controlGroups, setControlGroups] = useState<string[]>([]);
  const [reason, setReason] = useState('');
  const { run, refusal, isWaiting } = useAction('role.grant');
  const held = new Set(person.roles.map((grant) => grant.role));
  const conflict = book.exclusions.find(({ roles: [a, b] }) => (a === role && held.has(b)) || (b === role && held.has(a)));
  const isReady = reason.trim() !== '' && (kind === 'firm' || departments.length + controlGroups.length > 0);
  const toggle = (list: string[], set: (next: string[]) => void, id: string): void =>
    set(list.includes(id) ? list.filter((other) => other !== id) : [...list, id]);
  return (
    <form
      className="stack people-form"
      data-testid="grant-form"
      onSubmit={async (event) => {
        event.preventDefault();
        if (!isReady || isWaiting) return;
        const reach = kind === 'firm' ? ('firm' as const) : { departments, controlGroups };
        if ((await run({ personId: person.personId, role, reach, reason: reason.trim() })) !== null) onDone();
      }}
    >
      <SelectField
        label={t('roleLabel')}
        help={t(`roleNote.${role}`)}
        options={optionsOf(ROLE_NAMES, (name) => t(`role.${name}`))}
        value={role}
        testId="grant-role"
        onValueChange={setRole}
      />
      {conflict !== undefined && (
        <p className="people-conflict" role="alert" data-testid="grant-conflict">
          {t('excluded', { first: t(`role.${conflict.roles[0]}`), second: t(`role.${conflict.roles[1]}`) })} {conflict.reason}
        </p>
      )}
      <Choice
        label={t('reachLabel')}
        name="grant-reach"
        values={['firm', 'part'] as const}
        chosen={kind}
        text={(value) => t(value === 'firm' ? 'reachFirm' : 'reachPart')}
        onChoose={setKind}
      />
      {kind === 'part' && (
        <div className="people-reach">
          {[
            { title: t('departments'), rows: book.departments, list: departments, set: setDepartments },
            { title: t('controlGroups'), rows: book.controlGroups, list: controlGroups, set: setControlGroups },
          ].map(({ title, rows, list, set }) => (
            <fieldset key={title}>
              <legend>{title}</legend>
              {rows.length === 0 && <span className="secondary">{t('noneKnown')}</span>}
              {rows.map(({ id, name }) => (
                <Checkbox key={id} checked={list.includes(id)} label={`${name} (${id})`} onChange={() => toggle(list, set, id)} />
              ))}
            </fieldset>
          ))}
        </div>
      )}
      <EntryField label={t('reason')} maxLength={2000} value={reason} testId="grant-reason" onValueChange={setReason} />
      <div>
        <Button type="submit" intent="primary" disabled={!isReady} loading={isWaiting} data-testid="grant-submit">
          {t('grant')}
        </Button>
      </div>
      <RefusalNotice
        refusal={refusal}
        action={t('grant')}
        advice={refusal?.code === 'NEEDS_APPROVAL' ? t('grantWaits') : refusal?.code === 'CONFLICT' ? t('grantConflict') : undefined}
      />
    </form>
  );
}
