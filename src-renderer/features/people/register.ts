/** Offers the panel about people and roles. */
import { registerPanel } from '../registry';
import { PeoplePanel } from './people-panel';

export function register(): void {
  registerPanel({ id: 'people', titleKey: 'people:title', glyph: '☺', component: PeoplePanel });
}
