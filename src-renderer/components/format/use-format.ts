/** The formatters of the language now chosen. */
import { usePreferences } from '../../state/preferences';
import { type Formatters, formattersFor } from './formatters';

export function useFormat(): Formatters {
  return formattersFor(usePreferences((state) => state.language));
}
