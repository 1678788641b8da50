/**
 * The panels of the workspace. Each feature has a `register.ts` beside its panels that calls `registerPanel`; it is found by its place,
 * so a new feature touches no file but its own.
 */
import type { ComponentType } from 'react';
import type { PanelParams } from '../state/navigation';

export type PanelProps = {
  params: PanelParams;
  /** Replaces the tab's title, for panels about one thing (an account, a run). */
  setTitle(title: string): void;
  close(): void;
};

export type PanelDefinition = {
  /** Also the key of its tab; `account` with parameters gets one tab for each set of them. */
  id: string;
  /** With namespace: `overview:title`. */
  titleKey: string;
  /** One or two characters that stand for it in menus and tabs; never the only carrier of meaning. */
  glyph: string;
  component: ComponentType<PanelProps>;
  /** Panels that need parameters (one account, one run) are not offered in the panels menu. */
  needsParams?: boolean;
  /** Wished size in pixels when it is opened by itself. */
  defaultSize?: { width?: number; height?: number };
};

const definitions = new Map<string, PanelDefinition>();

export function registerPanel(definition: PanelDefinition): void {
  definitions.set(definition.id, definition);
}

export function panelDefinition(id: string): PanelDefinition | undefined {
  return definitions.get(id);
}

export function panelDefinitions(): PanelDefinition[] {
  return [...definitions.values()];
}

/** Runs every feature's `register.ts`. Panels that a saved layout names and no feature offers show a placeholder that says so. */
export function registerAllPanels(): void {
  const modules = import.meta.glob<{ register?: () => void }>('./*/register.ts', { eager: true });
  for (const module of Object.values(modules)) module.register?.();
}
