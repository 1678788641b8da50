/** Every text exists in both languages, is not empty, and uses the same placeholders: a missing one would show a key to a user. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
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
for (const complaint of new Set(complaints)) process.stderr.write(`${complaint}\n`);
process.exitCode = complaints.length === 0 ? 0 : 1;
