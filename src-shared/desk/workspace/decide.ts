/** Decides what saving or removing a workspace layout means; a layout saved as it already is leaves no entry. */
import type { Decision, DecisionContext } from '#shared/desk/decision';
import type { LayoutEvent } from '#shared/desk/workspace/events';
import { refuse } from '#shared/refusal';

export type LayoutCommand = { type: 'save'; name: string; layout: string } | { type: 'remove'; name: string };

/** `saved` is the layout now stored under that name, or null. */
export function decideLayout(saved: string | null, command: LayoutCommand, context: DecisionContext): Decision<LayoutEvent> {
  const { name } = command;
  // Not the name, which is a person's own words: a subject stands in clear.
  const subject = 'layouts';
  if (command.type === 'save') {
    if (saved === command.layout) return [];
    return [{ type: 'layout.saved', subject, payload: { name, layout: command.layout, atMs: context.nowMs } }];
  }
  if (saved === null) return refuse('UNKNOWN', `no layout is saved as ${name}`, 'name');
  return [{ type: 'layout.removed', subject, payload: { name, atMs: context.nowMs } }];
}
