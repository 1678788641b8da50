/** Language, theme and price colours: the engine's settings, with a copy on this machine so that the first paint is already right. */
import { create } from 'zustand';
import type { Settings } from '#shared/contract/requests';
import type { Outcome } from '#shared/refusal';
import { applyLanguage } from '../i18n/i18n';
import { engine } from './engine';

export type Preferences = Pick<Settings, 'language' | 'theme' | 'priceColours'>;
const STORAGE_KEY = 'floorwatch.preferences';

function firstPreferences(): Preferences {
  const fallback: Preferences = { language: navigator.language.startsWith('zh') ? 'zh-CN' : 'en', theme: 'dark', priceColours: 'redUp' };
  try {
    const stored = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '{}') as Partial<Preferences>;
    return {
      language: stored.language === 'en' || stored.language === 'zh-CN' ? stored.language : fallback.language,
      theme: stored.theme === 'light' || stored.theme === 'dark' ? stored.theme : fallback.theme,
      priceColours: stored.priceColours === 'greenUp' || stored.priceColours === 'redUp' ? stored.priceColours : fallback.priceColours,
    };
  } catch {
    return fallback; // no storage in this window, or not ours: the engine's settings follow in a moment
  }
}

type PreferencesState = Preferences & {
  /** All settings as the engine holds them; null until it answered. */
  settings: Settings | null;
};

export const usePreferences = create<PreferencesState>()(() => ({ ...firstPreferences(), settings: null }));

function applyToDocument({ language, theme, priceColours }: Preferences): void {
  const root = document.documentElement;
  root.lang = language;
  root.dataset.theme = theme;
  root.dataset.priceColours = priceColours;
  document.body.classList.toggle('bp6-dark', theme === 'dark');
  applyLanguage(language);
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify({ language, theme, priceColours }));
  } catch {
    // only the first paint of the next start would profit
  }
}

/** Applies preferences to the document now and on every change. Call once, before the first render. */
export function startPreferences(): void {
  applyToDocument(usePreferences.getState());
  usePreferences.subscribe((state, before) => {
    if (state.language !== before.language || state.theme !== before.theme || state.priceColours !== before.priceColours) applyToDocument(state);
  });
}

export function takeSettings(settings: Settings): void {
  const { language, theme, priceColours } = settings;
  usePreferences.setState({ language, theme, priceColours, settings });
}

export async function loadSettings(): Promise<void> {
  const outcome = await engine.request('settings.get', {});
  if (outcome.ok) takeSettings(outcome.value);
}

/** Changes one setting. Language, theme and colours show at once and hold for this window even while no engine can record them. */
export async function changeSetting<Key extends keyof Settings>(key: Key, value: Settings[Key]): Promise<Outcome<Settings>> {
  if (key === 'language' || key === 'theme' || key === 'priceColours') usePreferences.setState({ [key]: value } as Partial<PreferencesState>);
  const outcome = await engine.request('settings.change', { key, value });
  if (outcome.ok) takeSettings(outcome.value);
  return outcome;
}
