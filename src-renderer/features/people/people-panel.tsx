/** People and what they may do: my own access first, then everybody's, for those who may see or change it. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { RefusalNotice } from '../../components/refusal-notice';
import { useAuth, useMay } from '../../state/auth';
import { useRequest } from '../../state/use-stream';
import { useClaim } from '../sign-in/claim-dialog';
import { DestroyData } from './destroy-data';
import { MyAccess } from './my-access';
import { NewPerson } from './new-person';
import { OtherDesks } from './other-desks';
import { PersonCard } from './person-card';
import { RoleBook } from './role-book';
import './people.css';

export function PeoplePanel(): ReactNode {
  const { t } = useTranslation('people');
  const auth = useAuth();
  const mayView = useMay('people.view');
  const mayManage = useMay('people.manage');
  const openClaim = useClaim((state) => state.open);
  const [version, setVersion] = useState(0);
  const authKey = `${version}.${JSON.stringify(auth?.names)}.${auth?.session?.sessionId ?? ''}`;
  const list = useRequest('people.list', mayView ? {} : null, authKey);
  const book = useRequest('people.roles', mayView ? {} : null, auth?.session?.sessionId ?? '');
  const onChanged = (): void => setVersion((value) => value + 1);
  if (auth === null) return <div className="panel-body panel-pad">{t('app:loading')}</div>;
  return (
    <div className="panel-body">
      <div className="stack panel-pad people" data-testid="people">
        {!auth.isClaimed && (
          <section className="card stack" data-testid="people-unclaimed">
            <h3>{t('unclaimedTitle')}</h3>
            <p>{t('unclaimedMeaning')}</p>
            <div>
              <Button intent="primary" data-testid="claim-open" onClick={openClaim}>
                {t('claimOpen')}
              </Button>
            </div>
          </section>
        )}
        <MyAccess auth={auth} />
        {mayView && (
          <section className="card stack">
            <h3>{t('everybody')}</h3>
            {auth.isClaimed && auth.isFounding && <p className="secondary">{t('founding')}</p>}
            {!mayManage && <p className="secondary">{t(auth.isClaimed ? 'onlyAdministrators' : 'demonstrationFixed')}</p>}
            <RefusalNotice refusal={list.refusal} onRetry={list.reload} />
            {(list.answer?.people ?? []).map((person) => (
              <PersonCard key={person.personId} person={person} others={list.answer?.people ?? []} book={book.answer} onChanged={onChanged} />
            ))}
            {mayManage && <NewPerson onChanged={onChanged} />}
          </section>
        )}
        {mayView && <OtherDesks people={list.answer?.people ?? []} mayManage={mayManage} />}
        {mayManage && <DestroyData people={list.answer?.people ?? []} />}
        {book.answer !== null && <RoleBook book={book.answer} />}
      </div>
    </div>
  );
}
