/** The few words the shell itself shows (menu, tray, notifications), in the language the desk is set to. */
import en from '../../resources/shell-text/en/shell.json' with { type: 'json' };
import zh from '../../resources/shell-text/zh-CN/shell.json' with { type: 'json' };

export type Language = 'zh-CN' | 'en';
export type ShellTexts = typeof en;

const TEXTS: Record<Language, ShellTexts> = { en, 'zh-CN': zh };

export function textsFor(language: Language): ShellTexts {
  return TEXTS[language];
}

/** Fills `{{name}}`; a name without a value stays visible, so that it is noticed. */
export function fillText(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => String(values[name] ?? whole));
}
