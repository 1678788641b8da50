/** A derivation as lines: which are open, in which order they stand, and the same as text to paste into a letter. */
import type { Derivation, SuppliedRow } from '#shared/market/explain/derivation';

/** The place of a node in its tree: the indexes on the way from the root, `0.2.1`. The root is the empty text. */
export type NodePath = string;

export type DerivationLine = { path: NodePath; node: Derivation; depth: number; isOpen: boolean; hasMore: boolean; place: number; siblings: number };

export function childPath(path: NodePath, index: number): NodePath {
  return path === '' ? String(index) : `${path}.${index}`;
}

export function parentPath(path: NodePath): NodePath | null {
  if (path === '') return null;
  const at = path.lastIndexOf('.');
  return at < 0 ? '' : path.slice(0, at);
}

/** The root and the lines that make it are open at first: the answer to "what is it made of" without a click. */
export const FIRST_OPEN: ReadonlySet<NodePath> = new Set(['']);

export function visibleLines(root: Derivation, open: ReadonlySet<NodePath>): DerivationLine[] {
  const lines: DerivationLine[] = [];
  const visit = (node: Derivation, path: NodePath, depth: number, place: number, siblings: number): void => {
    const isOpen = open.has(path);
    lines.push({ path, node, depth, isOpen, hasMore: node.children.length > 0, place, siblings });
    if (!isOpen) return;
    for (const [index, child] of node.children.entries()) visit(child, childPath(path, index), depth + 1, index + 1, node.children.length);
  };
  visit(root, '', 0, 1, 1);
  return lines;
}

/** Every node that has something below it. */
export function allPaths(root: Derivation): Set<NodePath> {
  const paths = new Set<NodePath>();
  const visit = (node: Derivation, path: NodePath): void => {
    if (node.children.length === 0) return;
    paths.add(path);
    for (const [index, child] of node.children.entries()) visit(child, childPath(path, index));
  };
  visit(root, '');
  return paths;
}

export type DerivationWords = {
  /** Names, with what is ours among them in the page's language. */
  subject(subject: string): string;
  name(node: Derivation): string;
  value(node: Derivation): string;
  source(node: Derivation): string | null;
  rule(rule: Derivation['rules'][number]): string;
  /** Who at this desk supplied a row, who agreed, and what the feed says where the row stands instead of it. */
  supplied(row: SuppliedRow): string;
  formula(formula: string): string;
};

/** The whole tree, closed lines included: who reads it elsewhere cannot open them. */
export function derivationText(root: Derivation, words: DerivationWords): string {
  const lines: string[] = [];
  const visit = (node: Derivation, depth: number): void => {
    const indent = '  '.repeat(depth);
    const sign = depth > 0 && node.factor === -1 ? '− ' : '';
    lines.push(`${indent}${sign}${words.name(node)}: ${words.value(node)}`);
    if (node.formula !== null) lines.push(`${indent}  ${words.formula(node.formula)}`);
    const source = words.source(node);
    if (source !== null) lines.push(`${indent}  ${source}`);
    for (const rule of node.rules) lines.push(`${indent}  ${words.rule(rule)}`);
    for (const child of node.children) visit(child, depth + 1);
  };
  visit(root, 0);
  return lines.join('\n');
}
