/** Finds plans by any words of either language, as people type them. */
import type { Plan } from '#shared/desk/plans/plan';

export function planMatches(plan: Plan, query: string): boolean {
  const words = query.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const text = [plan.id, plan.title, plan.title_zh, plan.scope, plan.scope_zh, plan.triggers, plan.triggers_zh].join(' ').toLowerCase();
  // Nobody types the spaces that set numbers apart from Chinese, nor the hyphens.
  const plain = text.replaceAll('-', ' ');
  const unspaced = text.replaceAll(/\s/g, '');
  return words.every((word) => text.includes(word) || plain.includes(word) || unspaced.includes(word));
}

/** How well a plan answers what a person says has happened: words of its title count most. 0 when no word is in it. */
export function planScore(plan: Plan, query: string): number {
  const words = query.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const title = [plan.id, plan.title, plan.title_zh].join(' ').toLowerCase();
  const plain = `${title} ${title.replaceAll('-', ' ')}`;
  return words.reduce((score, word) => score + (plain.includes(word) ? 4 : planMatches(plan, word) ? 1 : 0), 0);
}
