/** What stands beside the pointer: title, facts and note of one cell, as text and never as markup. */
import type { HeatmapTexts } from './heatmap-props';

export function tooltipElement(description: ReturnType<HeatmapTexts['explain']>): HTMLElement {
  const root = document.createElement('div');
  root.className = 'heatmap-tooltip';
  const title = document.createElement('strong');
  title.textContent = description.title;
  const list = document.createElement('dl');
  for (const [term, text] of description.facts) {
    const dt = document.createElement('dt');
    dt.textContent = term;
    const dd = document.createElement('dd');
    dd.textContent = text;
    list.append(dt, dd);
  }
  root.append(title, list);
  if (description.note !== '') {
    const note = document.createElement('p');
    note.textContent = description.note;
    root.append(note);
  }
  return root;
}
