/** Both languages with every namespace, in the bundle: the page may fetch nothing, and a switch must be immediate. */
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

const files = import.meta.glob<Record<string, unknown>>('./{zh-CN,en}/*.json', { eager: true, import: 'default' });

const resources: Record<string, Record<string, Record<string, unknown>>> = {};
for (const [path, texts] of Object.entries(files)) {
  const [, language, file] = path.split('/');
  if (language === undefined || file === undefined) continue;
  resources[language] ??= {};
  resources[language][file.replace('.json', '')] = texts;
}

export function startI18n(language: string): void {
  void i18next.use(initReactI18next).init({
    resources,
    lng: language,
    fallbackLng: 'en',
    defaultNS: 'app',
    ns: Object.keys(resources.en ?? {}),
    interpolation: { escapeValue: false }, // React escapes
    initAsync: false,
    returnNull: false,
  });
}

export function applyLanguage(language: string): void {
  if (i18next.isInitialized && i18next.language !== language) void i18next.changeLanguage(language);
}
