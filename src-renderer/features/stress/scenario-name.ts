/** What a scenario is called: bundled ones have a name in each language, a person's own is as they wrote it. */
import type { TFunction } from 'i18next';

/** Where a bundled scenario comes from, in the page's language. */
export function scenarioCitation(scenarioId: string, citation: string, t: TFunction): string {
  return t(`stress:bundledCitation.${scenarioId}`, { defaultValue: citation });
}

export function scenarioName(scenarioId: string, name: string, t: TFunction): string {
  return t(`stress:bundledName.${scenarioId}`, { defaultValue: name });
}
