/**
 * The import rule: which room of the code may use which other. The path of a file says where it may run; this fails when an import
 * says otherwise. Type-only imports count too, except where a rule is about a value (a window class, an addon).
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import process from 'node:process';
import { parseSync } from 'oxc-parser';
import { repositoryFolder } from '../steps/process.mjs';

const ROOMS = ['src-shared', 'src-renderer', 'src-main/preload', 'src-main/shell', 'src-main/engine', 'src-main/demo', 'src-main/cli'];

/** Room -> rooms it may import (itself always), and the modules from outside that it must not know. */
const MAY_IMPORT = {
  'src-shared': [],
  'src-renderer': ['src-shared'],
  'src-main/preload': ['src-shared/contract'],
  'src-main/shell': ['src-shared'],
  'src-main/engine': ['src-shared'],
  'src-main/demo': ['src-shared'],
  'src-main/cli': ['src-shared', 'src-main/engine', 'src-main/demo'],
};
const FORBIDDEN_MODULES = {
  'src-shared': /^(node:|electron$|better-sqlite3$|react)/,
  'src-renderer': /^(node:|electron$|better-sqlite3$|ws$)/,
  'src-main/preload': /^(node:|better-sqlite3$)/,
  'src-main/shell': /^(better-sqlite3$|ws$|react)/,
  'src-main/engine': /^(electron$|react)/,
  'src-main/demo': /^(electron$|better-sqlite3$|react)/,
  'src-main/cli': /^(electron$|better-sqlite3$|react)/,
};

/** Inside the engine: folder -> folders below it. `port` and the files at the top (the composition root) may use everything. */
const ENGINE_LAYERS = {
  store: [],
  journal: ['store'],
  book: ['store'],
  feeds: [],
  watch: ['book', 'journal', 'store'],
  desk: ['watch', 'book', 'journal', 'store'],
  reports: ['desk', 'watch', 'book', 'journal', 'store', 'feeds'],
};
/** What the rooms of the engine agree on: any of them may take types, and nothing else, from these. */
const INTERFACES = ['feeds/feed.ts', 'watch/condition.ts', 'book/book-reader.ts', 'journal/journal.ts'].map((path) => `src-main/engine/${path}`);
/** The composition root: only process entries, the command line and tests may start an engine. */
const COMPOSITION_ROOT = ['src-main/engine/engine.ts', 'src-main/engine/main.ts'];

/** Values that only one place may take from a module. */
const ONLY_IN = [
  { module: 'better-sqlite3', name: null, place: 'src-main/engine/store', why: 'only store/ opens SQLite' },
  { module: 'electron', name: 'BrowserWindow', place: 'src-main/shell/windows', why: 'only shell/windows creates windows' },
  { module: 'electron', name: 'ipcMain', place: 'src-main/shell/security', why: 'every page message passes the sender check' },
  { module: 'electron', name: 'ipcRenderer', place: 'src-main/preload', why: 'only the preload talks to the shell' },
];

function sourceFiles(folder) {
  return readdirSync(join(repositoryFolder, folder)).flatMap((name) => {
    const path = `${folder}/${name}`;
    if (path.includes('/kernel/assembly')) return [];
    if (statSync(join(repositoryFolder, path)).isDirectory()) return sourceFiles(path);
    return /\.(ts|tsx)$/.test(name) ? [path] : [];
  });
}

const isWithin = (path, folder) => path === folder || path.startsWith(`${folder}/`) || path.startsWith(`${folder}.`);
const roomOf = (path) => ROOMS.find((room) => isWithin(path, room)) ?? null;

/** Repository path of what an import names; null for a package or a Node module. */
function resolveImport(file, specifier, imports) {
  let target = null;
  if (specifier.startsWith('.'))
    target = relative(repositoryFolder, resolve(repositoryFolder, dirname(file), specifier))
      .split(sep)
      .join('/');
  const alias = Object.keys(imports).find((key) => specifier.startsWith(key.replace('*', '')));
  if (alias !== undefined) target = imports[alias].replace('./', '').replace('*', specifier.slice(alias.length - 1));
  if (target === null) return null;
  const candidates = [target, `${target}.ts`, `${target}.tsx`, `${target}/index.ts`];
  return candidates.find((path) => existsSync(join(repositoryFolder, path)) && !statSync(join(repositoryFolder, path)).isDirectory()) ?? target;
}

/** Every module a file names, with the value names it takes (empty when only types; `*` when it could take anything). */
function importsOf(file) {
  const { module, errors } = parseSync(file, readFileSync(join(repositoryFolder, file), 'utf8'));
  if (errors.length > 0) throw new Error(`${file}: ${errors[0].message}`);
  const found = module.staticImports.map((statement) => ({
    specifier: statement.moduleRequest.value,
    values: statement.entries.filter((entry) => !entry.isType).map((entry) => entry.importName.name ?? '*'),
  }));
  for (const statement of module.staticExports) {
    for (const entry of statement.entries) {
      if (entry.moduleRequest) found.push({ specifier: entry.moduleRequest.value, values: entry.isType ? [] : ['*'] });
    }
  }
  const text = readFileSync(join(repositoryFolder, file), 'utf8');
  for (const statement of module.dynamicImports) {
    const literal = /^(['"`])(.*)\1$/.exec(text.slice(statement.moduleRequest.start, statement.moduleRequest.end));
    if (literal !== null) found.push({ specifier: literal[2], values: ['*'] });
  }
  for (const match of text.matchAll(/\brequire\w*\(\s*['"]([^'"]+)['"]\s*\)/g)) found.push({ specifier: match[1], values: ['*'] });
  return found;
}

function engineFolderOf(path) {
  const rest = path.slice('src-main/engine/'.length);
  return rest.includes('/') ? rest.split('/')[0] : null;
}

function complaintsAbout(file, imports) {
  const room = roomOf(file);
  const complaints = [];
  for (const { specifier, values } of importsOf(file)) {
    const say = (why) => complaints.push(`${file} imports ${specifier}: ${why}`);
    for (const rule of ONLY_IN) {
      const isTaken = values.length > 0 && (rule.name === null || values.includes(rule.name) || values.includes('*') || values.includes('default'));
      if (specifier === rule.module && isTaken && !isWithin(file, rule.place)) say(rule.why);
    }
    const target = resolveImport(file, specifier, imports);
    if (target === null) {
      if (FORBIDDEN_MODULES[room].test(specifier)) say(`${room} must not know it`);
      continue;
    }
    if (target.startsWith('resources/') || target.endsWith('.json') || target === 'package.json') continue;
    if (!isWithin(target, room) && !MAY_IMPORT[room].some((allowed) => isWithin(target, allowed))) {
      say(`${room} may import only ${[room, ...MAY_IMPORT[room]].join(', ')}`);
      continue;
    }
    if (room !== 'src-main/engine' || !isWithin(target, room)) continue;
    const from = engineFolderOf(file);
    const to = engineFolderOf(target);
    if (from !== null && COMPOSITION_ROOT.includes(target)) say('only the process entries and the command line start an engine');
    if (from === null || from === to || to === null || from === 'port') continue;
    if (values.length === 0 && INTERFACES.includes(target)) continue;
    if (!(ENGINE_LAYERS[from] ?? []).includes(to))
      say(`inside the engine ${from} may import only ${(ENGINE_LAYERS[from] ?? []).join(', ') || 'itself'}`);
  }
  return complaints;
}

const { imports } = JSON.parse(readFileSync(join(repositoryFolder, 'package.json'), 'utf8'));
const files = ROOMS.filter((room) => existsSync(join(repositoryFolder, room))).flatMap(sourceFiles);
const complaints = [...new Set(files.flatMap((file) => complaintsAbout(file, imports)))];
for (const complaint of complaints) process.stderr.write(`${complaint}\n`);
process.exitCode = complaints.length === 0 ? 0 : 1;
