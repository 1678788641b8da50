/** What each role may do, with its source and certainty, and the pairs that nobody may hold together: so that a refusal can be understood. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { RequestAnswer } from '#shared/contract/requests';

export function RoleBook({ book }: { book: RequestAnswer<'people.roles'> }): ReactNode {
  const { t } = useTranslation('people');
  return (
    <section className="card stack" data-testid="role-book">
      <h3>{t('roles')}</h3>
      {book.roles.map(({ role, functions, citation, certainty }) => (
        <details key={role}>
          <summary>
            <strong>{t(`role.${role}`)}</strong> <span className="secondary">{t(`roleNote.${role}`)}</span>
          </summary>
          <ul className="people-functions">
            {functions.map((name) => (
              <li key={name}>{t(`function.${name}`)}</li>
            ))}
          </ul>
          <p className="secondary">
            {citation} ({certainty})
          </p>
        </details>
      ))}
      <h3>{t('exclusions')}</h3>
      <ul className="people-roles">
        {book.exclusions.map(({ roles: [first, second], reason }) => (
          <li key={`${first} ${second}`}>
            {t(`role.${first}`)} ⊗ {t(`role.${second}`)}{' '}
            <span className="secondary">{t(`exclusionReason.${first}-${second}`, { defaultValue: reason })}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
