/** Every text exists in both languages, is not empty, and uses the same placeholders, and every text that the page names is there: a missing one would show a key to a user. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import process from 'node:process';
import { repositoryFolder } from '../steps/process.mjs';

const LANGUAGES = ['zh-CN', 'en'];
const PLURAL_SUFFIX = /_(zero|one|two|few|many|other)$/;
const FOLDERS = ['src-renderer/i18n', 'resources/shell-text'];

function textsOf(value, path, into) {
  if (typeof value === 'string') into.set(path, value);
  else for (const [key, inner] of Object.entries(value)) textsOf(inner, path === '' ? key : `${path}.${key}`, into);
  return into;
}

function textsByFile(folder, language) {
  const languageFolder = join(repositoryFolder, folder, language);
  if (!existsSync(languageFolder)) return new Map();
  const names = readdirSync(languageFolder).filter((name) => name.endsWith('.json'));
  return new Map(names.map((name) => [name, textsOf(JSON.parse(readFileSync(join(languageFolder, name), 'utf8')), '', new Map())]));
}

const placeholdersIn = (text) => [...new Set([...text.matchAll(/\{\{\s*([\w.]+)/g)].map((match) => match[1]))].sort().join(',');
/** Languages have different plural forms; the text without its form is what both must have. */
const withoutPlural = (key) => key.replace(PLURAL_SUFFIX, '');

const complaints = [];
for (const folder of FOLDERS) {
  const [first, second] = LANGUAGES.map((language) => textsByFile(folder, language));
  for (const [mine, other, language] of [
    [first, second, LANGUAGES[1]],
    [second, first, LANGUAGES[0]],
  ]) {
    for (const [name, texts] of mine) {
      const otherTexts = other.get(name);
      if (otherTexts === undefined) {
        complaints.push(`${folder}/${language}/${name} is missing`);
        continue;
      }
      const otherKeys = new Map([...otherTexts].map(([key, text]) => [withoutPlural(key), text]));
      for (const [key, text] of texts) {
        if (text.trim() === '') complaints.push(`${folder}: ${name} ${key} is empty`);
        const otherText = otherKeys.get(withoutPlural(key));
        if (otherText === undefined) complaints.push(`${folder}/${language}/${name} lacks ${key}`);
        else if (placeholdersIn(text) !== placeholdersIn(otherText)) {
          complaints.push(`${folder}: ${name} ${key} has different placeholders: "${text}" and "${otherText}"`);
        }
      }
    }
  }
}
/** Keys that the page names as they stand, also one of two; those it puts together are looked for by the tests of what names them. */
const NAMED_KEY = /(?<![\w.])t\(\s*(?:[^'"`()]*\?\s*)?'([\w.:-]+)'(?:\s*:\s*'([\w.:-]+)')?\s*[,)]/g;
const NAMESPACE = /useTranslation\((?:'([\w-]+)')?\)/g;
const DEFAULT_NAMESPACE = 'app';

function pageFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

const pageTexts = textsByFile('src-renderer/i18n', 'en');

/** Also a whole group of texts, which is asked for as an object. */
function hasText(namespace, key) {
  return [...(pageTexts.get(`${namespace}.json`)?.keys() ?? [])].some((known) => withoutPlural(known) === key || known.startsWith(`${key}.`));
}

for (const file of pageFiles(join(repositoryFolder, 'src-renderer'))) {
  const source = readFileSync(file, 'utf8');
  const namespaces = [...source.matchAll(NAMESPACE)].map(([, name]) => name ?? DEFAULT_NAMESPACE);
  for (const key of [...source.matchAll(NAMED_KEY)].flatMap(([, one, other]) => (other === undefined ? [one] : [one, other]))) {
    const at = key.indexOf(':');
    // A function that is handed `t` does not say whose texts they are.
    const isKnown =
      at >= 0 ? hasText(key.slice(0, at), key.slice(at + 1)) : namespaces.length === 0 || namespaces.some((namespace) => hasText(namespace, key));
    if (!isKnown) complaints.push(`${relative(repositoryFolder, file)} names ${key}, which is no text`);
  }
}

for (const complaint of new Set(complaints)) process.stderr.write(`${complaint}\n`);
process.exitCode = complaints.length === 0 ? 0 : 1;
