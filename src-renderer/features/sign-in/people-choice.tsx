/** The people who may sign in here, one click each; with many people it is quicker to type, and the list scrolls. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuthPicture } from '#shared/contract/people';

export function PeopleChoice({ auth, chosen, onChoose }: { auth: AuthPicture; chosen: string; onChoose: (login: string) => void }): ReactNode {
  const { t } = useTranslation('people');
  return (
    <ul className="people-choice" aria-label={t('whoSignsIn')}>
      {auth.people.map((person) => (
        <li key={person.personId}>
          <button
            type="button"
            aria-pressed={person.login === chosen}
            data-testid={`sign-in-person-${person.login}`}
            onClick={() => onChoose(person.login)}
          >
            <span>{person.displayName}</span>
            <span className="secondary">{person.roles.map((role) => t(`role.${role}`)).join(' · ') || t('noRole')}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
