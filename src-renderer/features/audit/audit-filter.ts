/** What a person typed into the audit's filter, as the question that is asked of the record. */
import type { AuditFilter } from '#shared/contract/audit';
import { msOfLocalInput } from '../../components/format/moment-text';

export type FilterForm = {
  actor: string;
  /** Whole kinds, or families that end with a dot. */
  types: readonly string[];
  subject: string;
  from: string;
  to: string;
  text: string;
  signed: 'all' | 'signed' | 'unsigned';
};

export const EMPTY_FORM: FilterForm = { actor: '', types: [], subject: '', from: '', to: '', text: '', signed: 'all' };

/** What is empty asks for nothing. Times are the local ones of date fields. */
export function filterOf(form: FilterForm): AuditFilter {
  const fromMs = msOfLocalInput(form.from);
  const toMs = msOfLocalInput(form.to);
  return {
    ...textPart('actor', form.actor),
    ...textPart('subject', form.subject),
    ...textPart('text', form.text),
    ...(form.types.length === 0 ? {} : { types: [...form.types] }),
    ...(fromMs === null ? {} : { fromMs }),
    // A minute is over when the next begins, and so is a second where one was named.
    ...(toMs === null ? {} : { toMs: toMs + (toMs % 60_000 === 0 ? 59_999 : 999) }),
    ...(form.signed === 'all' ? {} : { isSigned: form.signed === 'signed' }),
  };
}

function textPart<Name extends 'actor' | 'subject' | 'text'>(name: Name, text: string): { [key in Name]?: string } {
  const trimmed = text.trim();
  return trimmed === '' ? {} : ({ [name]: trimmed } as { [key in Name]?: string });
}
