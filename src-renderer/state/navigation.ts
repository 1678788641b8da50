/** Where the desk looks (the drill-down scope that panels share) and how one panel asks for another to be opened. */
import { create } from 'zustand';
import type { Scope } from '#shared/contract/streams';

export type PanelParams = Record<string, string>;
export type OpenPanelRequest = { panelId: string; params: PanelParams };

type Navigation = {
  scope: Scope;
  /** The workspace sets this; before it is there, openings wait. */
  opener: ((request: OpenPanelRequest) => void) | null;
  waiting: OpenPanelRequest[];
};

export const useNavigation = create<Navigation>()(() => ({ scope: {}, opener: null, waiting: [] }));

export function setScope(scope: Scope): void {
  useNavigation.setState({ scope });
}

/** Opens a panel or brings it to the front. Parameters are part of its identity: `openPanel('account', { accountID })` is one tab per account. */
export function openPanel(panelId: string, params: PanelParams = {}): void {
  const { opener, waiting } = useNavigation.getState();
  if (opener === null) useNavigation.setState({ waiting: [...waiting, { panelId, params }] });
  else opener({ panelId, params });
}

export function setOpener(opener: ((request: OpenPanelRequest) => void) | null): void {
  const { waiting } = useNavigation.getState();
  useNavigation.setState({ opener, waiting: opener === null ? waiting : [] });
  if (opener !== null) for (const each of waiting) opener(each);
}
