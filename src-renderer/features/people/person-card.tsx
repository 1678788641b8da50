/** One person as others see them: state, roles, and, for administrators, everything that changes them; each change with its reason. */
import { Button, Tag } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PersonView } from '#shared/contract/people';
import type { RequestAnswer } from '#shared/contract/requests';
import { useFormat } from '../../components/format/use-format';
import { SecondPersonDialog } from '../../components/second-person';
import { TextDialog } from '../../components/text-dialog';
import { useAuth, useMay } from '../../state/auth';
import { request } from '../../state/use-stream';
import { OnceCodes } from '../sign-in/once-codes';
import { GrantForm } from './grant-form';
import { PersonIdentity } from './person-identity';
import { ReachText } from './reach-text';

type Asked = { kind: 'disable' | 'enable' | 'recover' } | { kind: 'revoke'; role: PersonView['roles'][number]['role'] };
type Props = { person: PersonView; others: readonly PersonView[]; book: RequestAnswer<'people.roles'> | null; onChanged: () => void };

export function PersonCard({ person, others, book, onChanged }: Props): ReactNode {
  const { t } = useTranslation('people');
  const format = useFormat();
  const auth = useAuth();
  const mayManage = useMay('people.manage');
  const mayGrant = useMay('role.grant');
  const [asked, setAsked] = useState<Asked | null>(null);
  const [isGranting, setIsGranting] = useState(false);
  const [recovery, setRecovery] = useState<{ personId: string; reason: string } | null>(null);
  const [code, setCode] = useState<string | null>(null);
  const { personId } = person;
  const isMe = auth?.session?.personId === personId;
  const canChange = !person.isDemonstration && !isMe;
  const isActive = person.state === 'active';

  const act = async (reason: string) => {
    if (asked === null) return null;
    if (asked.kind === 'recover') {
      setRecovery({ personId, reason });
      return null;
    }
    const outcome =
      asked.kind === 'revoke'
        ? await request('role.revoke', { personId, role: asked.role, reason })
        : await request(asked.kind === 'disable' ? 'people.disable' : 'people.enable', { personId, reason });
    onChanged();
    return outcome;
  };

  return (
    <article className="person-card" data-testid={`person-${person.login}`} data-state={person.state} data-secret={person.secret}>
      <header className="row">
        <strong>{person.displayName}</strong>
        <span className="mono secondary">{person.login}</span>
        {!isActive && <Tag intent="warning">{t('state.disabled')}</Tag>}
        {person.isDemonstration && <Tag minimal>{t('demonstrationPerson')}</Tag>}
        {isMe && <Tag minimal>{t('me')}</Tag>}
        <span className="spacer" />
        <span className="secondary">
          {t(`secretState.${person.secret}`)}
          {person.lastSignInAtMs !== null && ` · ${t('lastSignIn', { time: format.dateTime(person.lastSignInAtMs) })}`}
        </span>
      </header>
      {person.conflict !== null && (
        <p role="alert" className="people-conflict">
          {t('conflict', { pair: person.conflict })}
        </p>
      )}
      <ul className="people-roles">
        {person.roles.length === 0 && <li className="secondary">{t('noRole')}</li>}
        {person.roles.map(({ role, reach }) => (
          <li key={role}>
            {t(`role.${role}`)}: <ReachText reach={reach} />
            {mayGrant && canChange && (
              <Button
                size="small"
                variant="minimal"
                data-testid={`revoke-${person.login}-${role}`}
                onClick={() => setAsked({ kind: 'revoke', role })}
              >
                {t('revoke')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {canChange && (mayManage || mayGrant) && (
        <div className="row">
          {mayGrant && isActive && (
            <Button size="small" data-testid={`grant-${person.login}`} onClick={() => setIsGranting(!isGranting)}>
              {t('grant')}
            </Button>
          )}
          {mayManage && (
            <Button
              size="small"
              data-testid={`${isActive ? 'disable' : 'enable'}-${person.login}`}
              onClick={() => setAsked({ kind: isActive ? 'disable' : 'enable' })}
            >
              {t(isActive ? 'disable' : 'enable')}
            </Button>
          )}
          {mayManage && isActive && (
            <Button size="small" data-testid={`recover-${person.login}`} onClick={() => setAsked({ kind: 'recover' })}>
              {t('recover')}
            </Button>
          )}
        </div>
      )}
      {mayManage && !person.isDemonstration && <PersonIdentity person={person} others={others} onChanged={onChanged} />}
      {isGranting && book !== null && (
        <GrantForm
          person={person}
          book={book}
          onDone={() => {
            setIsGranting(false);
            onChanged();
          }}
        />
      )}
      <TextDialog
        isOpen={asked !== null}
        title={asked === null ? '' : t(`ask.${asked.kind}`, { name: person.displayName })}
        label={t('reason')}
        confirm={t(asked?.kind ?? 'disable')}
        isRequired
        intent={asked?.kind === 'enable' || asked?.kind === 'recover' ? 'primary' : 'danger'}
        testId="person-dialog"
        onConfirm={act}
        onClose={() => setAsked(null)}
      >
        {asked !== null && <p>{t(`askMeaning.${asked.kind}`)}</p>}
      </TextDialog>
      <SecondPersonDialog
        command={recovery === null ? null : { name: 'people.recover', payload: recovery as never }}
        title={t('ask.recover', { name: person.displayName })}
        onDone={(answer) => {
          setRecovery(null);
          setCode((answer as RequestAnswer<'people.recover'>).oneTime.code);
          onChanged();
        }}
        onClose={() => setRecovery(null)}
      >
        <p>{t('recoverMeaning')}</p>
      </SecondPersonDialog>
      {code !== null && (
        <OnceCodes title={t('oneTimeTitle', { login: person.login })} meaning={t('oneTimeMeaning')} codes={[code]} onClose={() => setCode(null)} />
      )}
    </article>
  );
}
