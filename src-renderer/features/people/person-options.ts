/** People to choose one of: each by name and login, since two can share a name. */
import type { PersonView } from '#shared/contract/people';
import type { Option } from '../../components/options';

/** `nobody` stands first, in the words that ask for a choice or say that there is none. */
export function personOptions(people: readonly PersonView[], nobody: string): Option<string>[] {
  return [
    { value: '', label: nobody },
    ...people.map(({ personId, displayName, login }) => ({ value: personId, label: `${displayName} (${login})` })),
  ];
}
