/** The sections of the account page, and how another panel asks for one: the page itself is one tab per account, whatever it shows. */
import { create } from 'zustand';
import { EXPLAINED_FIELDS, type ExplainedField } from '#shared/contract/numbers-account';
import { openPanel } from '../../state/navigation';

export const LIST_SECTIONS = ['positions', 'lots', 'orders', 'trades'] as const;
export const NUMBER_SECTIONS = ['explain', 'stress', 'inverse', 'budget', 'worklist', 'history', 'reconcile'] as const;
export type AccountSection = (typeof LIST_SECTIONS)[number] | (typeof NUMBER_SECTIONS)[number];

type Wanted = { accountID: string; section: AccountSection; field: ExplainedField | null };

/** What was asked for last; the page of that account takes it and leaves it empty. */
export const useWantedSection = create<{ wanted: Wanted | null }>()(() => ({ wanted: null }));

export function openAccountAt(accountID: string, section: AccountSection, field: ExplainedField | null = null): void {
  useWantedSection.setState({ wanted: { accountID, section, field } });
  openPanel('account', { accountID });
}

export function isExplained(field: string): field is ExplainedField {
  return (EXPLAINED_FIELDS as readonly string[]).includes(field);
}
