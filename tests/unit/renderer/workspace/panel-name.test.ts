/** A panel is named by its title in the reader's language, never by the id that the dock keeps it under. */
import { expect, it } from 'vitest';
import { registerPanel } from '../../../../src-renderer/features/registry';
import { panelName } from '../../../../src-renderer/workspace/panel-name';

const t = ((key: string) => (key === 'plans:versions' ? '版本' : `?${key}`)) as unknown as Parameters<typeof panelName>[1];
const editor = (title: string | undefined, panelParams: Record<string, string> = { planId: 'EP-02' }) => {
  const id = `planEditor?${new URLSearchParams(panelParams)}`;
  return panelName({ id, title: title === 'the id' ? id : title, params: { panelId: 'planEditor', panelParams } }, t);
};

it('says its own title, else its kind and what it is of', () => {
  registerPanel({ id: 'planEditor', titleKey: 'plans:versions', glyph: '✎', component: () => null });
  expect(editor('EP-02 版本')).toBe('EP-02 版本');
  for (const none of [undefined, '', 'the id']) expect(editor(none)).toBe('版本 EP-02');
  // A run's long id says nothing to anybody.
  expect(editor('the id', { runId: '01900000-0000-7000-8000-000000000001' })).toBe('版本');
  expect(editor('the id', { accountKey: '客户甲' })).toBe('版本 客户甲');
});
