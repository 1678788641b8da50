/** Offers the plan library, the plan page and the runs as panels. */
import { registerPanel } from '../registry';
import { PlanEditorPanel } from './plan-editor-panel';
import { PlanPanel } from './plan-panel';
import { PlansPanel } from './plans-panel';
import { RunPanel } from './run-panel';
import { RunsPanel } from './runs-panel';

export function register(): void {
  registerPanel({ id: 'plans', titleKey: 'plans:title', glyph: '☰', component: PlansPanel, defaultSize: { width: 420 } });
  registerPanel({ id: 'plan', titleKey: 'plans:plan', glyph: '☰', component: PlanPanel, needsParams: true });
  registerPanel({ id: 'planEditor', titleKey: 'plans:versions', glyph: '✎', component: PlanEditorPanel, needsParams: true });
  registerPanel({ id: 'runs', titleKey: 'plans:runs', glyph: '▶', component: RunsPanel });
  registerPanel({ id: 'run', titleKey: 'plans:run', glyph: '▶', component: RunPanel, needsParams: true });
}
