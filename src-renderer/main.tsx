/** Starts the page: language and theme first, then the panels, then the picture, and last the engine's port. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '@blueprintjs/core/lib/css/blueprint.css';
import '@blueprintjs/select/lib/css/blueprint-select.css';
import 'dockview-react/dist/styles/dockview.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/blueprint.css';
import { App } from './app/app';
import { NoShell } from './app/no-shell';
import { registerAllPanels } from './features/registry';
import { startI18n } from './i18n/i18n';
import { useConnection } from './state/connection-store';
import { connectToShell } from './state/engine';
import { loadSettings, startPreferences, usePreferences } from './state/preferences';

startI18n(usePreferences.getState().language);
startPreferences();
registerAllPanels();

useConnection.subscribe((state, before) => {
  if (state.engineCount !== before.engineCount) void loadSettings();
});

const root = document.getElementById('root');
if (root !== null) {
  const hasShell = connectToShell();
  createRoot(root).render(<StrictMode>{hasShell ? <App /> : <NoShell />}</StrictMode>);
}
