/** Single keys in the alert list do what they say to the active row, and nothing that may not be done to it. */
import { expect, it, vi } from 'vitest';
import type { Alert } from '#shared/desk/alerts/alert';
import type { ListRow } from '../../../../src-renderer/features/alerts/alert-groups';
import { onListKey } from '../../../../src-renderer/features/alerts/alert-keys';

const alert = (alertId: string, human: Alert['human']): Alert => ({ alertId, human, severity: 'high' }) as Alert;
const single = (each: Alert): ListRow => ({ type: 'alert', key: each.alertId, alert: each, depth: 0 });
const waiting = alert('waiting', 'unacknowledged');
const taken = alert('taken', 'acknowledged');
const done = alert('done', 'toClose');
const group: ListRow = { type: 'group', key: 'g', cause: waiting, alerts: [waiting, taken], worst: 'high', unacknowledged: 1, isExpanded: false };

function press(key: string, activeId: string | null, canAct = true): unknown[] {
  const names = [
    'onToggle',
    'onOpen',
    'onAcknowledge',
    'onClose',
    'onFilter',
    'onShelve',
    'onHandOver',
    'onEscalate',
    'onExpand',
    'onToggleAll',
    'onMove',
  ];
  const spies = Object.fromEntries(names.map((name) => [name, vi.fn()]));
  const list = { ...spies, rows: [single(waiting), single(taken), single(done), group], activeId, canAct } as unknown as Parameters<
    typeof onListKey
  >[1];
  const isMeant = onListKey(key, list);
  return [isMeant, ...names.flatMap((name) => (spies[name]?.mock.calls ?? []).map((args) => [name, ...args]))];
}

it.each([
  ['a', 'waiting', [true, ['onAcknowledge', 'waiting']]],
  ['A', 'taken', [true]],
  ['h', 'taken', [true, ['onHandOver', 'taken']]],
  ['h', 'waiting', [true]],
  ['e', 'waiting', [true, ['onEscalate', 'waiting']]],
  ['c', 'done', [true, ['onClose', 'done']]],
  ['c', 'taken', [true]],
  ['s', 'taken', [true, ['onShelve', 'taken']]],
  ['s', 'g', [true]],
  ['Enter', 'done', [true, ['onOpen', 'done']]],
  ['Enter', 'g', [true, ['onExpand', 'g']]],
  ['ArrowRight', 'g', [true, ['onExpand', 'g']]],
  ['ArrowLeft', 'g', [true]],
  [' ', 'done', [true, ['onToggle', 'done']]],
  [' ', 'g', [true, ['onToggleAll', ['waiting', 'taken']]]],
  ['x', null, [true, ['onToggleAll', ['waiting', 'taken', 'done', 'waiting', 'taken']]]],
  ['ArrowDown', 'waiting', [true, ['onMove', 1]]],
  ['ArrowUp', null, [true, ['onMove', 0]]],
  ['End', 'waiting', [true, ['onMove', 3]]],
  ['/', null, [true, ['onFilter']]],
  ['q', 'waiting', [false]],
])('%s on %s', (key, activeId, expected) => {
  expect(press(key, activeId)).toEqual(expected);
});

it.each(['a', 'e', 's'])('%s does nothing to an alert of a recording', (key) => {
  expect(press(key, 'waiting', false)).toEqual([true]);
});
