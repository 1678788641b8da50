/** A panel is named by its title in the reader's language, never by the id that the dock keeps it under. */
import { expect, it } from 'vitest';
import { panelName } from '../../../../src-renderer/workspace/panel-name';

const kindName = (panelId: string): string => (panelId === 'planEditor' ? '版本' : panelId);
const editor = (title: string | undefined, panelParams: Record<string, string> = { planId: 'EP-02' }) => {
  const id = `planEditor?${new URLSearchParams(panelParams)}`;
  return panelName({ id, title: title === 'the id' ? id : title, params: { panelId: 'planEditor', panelParams } }, kindName);
};

it('says its own title, else its kind and what it is of', () => {
  expect(editor('EP-02 版本')).toBe('EP-02 版本');
  for (const none of [undefined, '', 'the id']) expect(editor(none)).toBe('版本 EP-02');
  // A run's long id says nothing to anybody.
  expect(editor('the id', { runId: '01900000-0000-7000-8000-000000000001' })).toBe('版本');
  expect(editor('the id', { accountKey: '客户甲' })).toBe('版本 客户甲');
});
