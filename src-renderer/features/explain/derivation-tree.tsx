/** The derivation of one number as a tree: lines that add up, each with its source, its rules and how sure they are. */
// biome-ignore-all lint/a11y/useSemanticElements: a tree has no element of its own
// biome-ignore-all lint/a11y/useFocusableInteractive: the focus stays on the tree, which names its active line
import { type KeyboardEvent, type ReactNode, useId, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Derivation, DerivationRule } from '#shared/market/explain/derivation';
import { CertaintyMark } from '../../components/certainty-mark';
import { reasonText } from '../../components/data-table/reason-text';
import { Unknown } from '../../components/format/figure';
import { isKnown } from '../../components/format/formatters';
import { useFormat } from '../../components/format/use-format';
import { useCitationText } from '../../components/use-citation-text';
import { type DerivationLine, type NodePath, parentPath, visibleLines } from './derivation-view';
import { useDerivationWords } from './use-derivation-words';

type Props = {
  root: Derivation;
  name: string;
  open: ReadonlySet<NodePath>;
  onOpen(open: ReadonlySet<NodePath>): void;
};

export function DerivationTree({ root, name, open, onOpen }: Props): ReactNode {
  const [active, setActive] = useState<NodePath>('');
  const lines = useMemo(() => visibleLines(root, open), [root, open]);
  const prefix = useId();
  const element = useRef<HTMLDivElement>(null);
  const toggle = (path: NodePath): void => {
    const next = new Set(open);
    if (!next.delete(path)) next.add(path);
    onOpen(next);
  };
  const go = (path: NodePath | undefined | null): void => {
    if (path === undefined || path === null) return;
    setActive(path);
    element.current?.querySelector(`[data-path="${path}"]`)?.scrollIntoView({ block: 'nearest' });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const at = Math.max(
      0,
      lines.findIndex((line) => line.path === active),
    );
    const line = lines[at];
    if (line === undefined) return;
    if (event.key === 'ArrowDown') go(lines[at + 1]?.path);
    else if (event.key === 'ArrowUp') go(lines[at - 1]?.path);
    else if (event.key === 'Home') go('');
    else if (event.key === 'End') go(lines.at(-1)?.path);
    else if (event.key === 'ArrowRight') line.hasMore && !line.isOpen ? toggle(line.path) : go(line.isOpen ? lines[at + 1]?.path : null);
    else if (event.key === 'ArrowLeft') line.isOpen ? toggle(line.path) : go(parentPath(line.path));
    else if (event.key === 'Enter' || event.key === ' ') line.hasMore && toggle(line.path);
    else return;
    event.preventDefault();
  };
  return (
    <div
      ref={element}
      className="derivation"
      role="tree"
      tabIndex={0}
      aria-label={name}
      aria-activedescendant={`${prefix}${active}`}
      data-testid="derivation"
      data-lines={lines.length}
      onKeyDown={onKeyDown}
    >
      {lines.map((line) => (
        <DerivationRow
          key={line.path}
          id={`${prefix}${line.path}`}
          line={line}
          isActive={line.path === active}
          onToggle={() => {
            setActive(line.path);
            if (line.hasMore) toggle(line.path);
          }}
        />
      ))}
    </div>
  );
}

type RowProps = { id: string; line: DerivationLine; isActive: boolean; onToggle(): void };

function DerivationRow({ id, line, isActive, onToggle }: RowProps): ReactNode {
  const { t } = useTranslation('explain');
  const words = useDerivationWords();
  const { node, depth } = line;
  const source = words.source(node);
  const isUnknown = node.text === null && !isKnown(node.value);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree around it has the keys
    <div
      id={id}
      role="treeitem"
      className="derivation-line"
      aria-level={depth + 1}
      aria-posinset={line.place}
      aria-setsize={line.siblings}
      aria-selected={isActive}
      {...(line.hasMore ? { 'aria-expanded': line.isOpen } : {})}
      data-path={line.path}
      data-node={node.id}
      data-depth={depth}
      data-combination={node.combination}
      style={{ paddingLeft: `${0.5 + Math.min(depth, 8) * 1.1}rem` }}
      onClick={onToggle}
    >
      <span className="derivation-toggle" aria-hidden="true">
        {line.hasMore ? (line.isOpen ? '▾' : '▸') : node.combination === 'input' ? '·' : ''}
      </span>
      <div className="derivation-body">
        <div className="derivation-head">
          <span className="derivation-name">
            {depth > 0 && node.factor === -1 && (
              <span className="derivation-sign" title={t('subtracted')}>
                −{' '}
              </span>
            )}
            {words.name(node)}
          </span>
          {node.combination !== 'input' && node.combination !== 'formula' && line.hasMore && (
            <span className="derivation-how">{t(`combination.${node.combination}`)}</span>
          )}
          <span className="derivation-value">{isUnknown ? <Unknown reason={reasonText(t, node.reason)} /> : words.value(node)}</span>
        </div>
        {isUnknown && <div className="derivation-why">{t('why', { reason: reasonText(t, node.reason) })}</div>}
        {node.formula !== null && <div className="derivation-formula mono">{words.formula(node.formula)}</div>}
        {source !== null && <div className="derivation-source">{source}</div>}
        {node.rules.map((rule) => (
          <RuleLine key={`${rule.subject} ${rule.text} ${rule.effectiveFrom}`} rule={rule} />
        ))}
      </div>
    </div>
  );
}

function RuleLine({ rule }: { rule: DerivationRule }): ReactNode {
  const { t } = useTranslation('explain');
  const citationText = useCitationText();
  const format = useFormat();
  const words = useDerivationWords();
  return (
    <div className="derivation-rule">
      <CertaintyMark certainty={rule.certainty} />
      <span>{words.subject(rule.subject)}</span>
      <span>{words.subject(rule.text)}</span>
      <span>{t('from', { day: format.tradingDay(rule.effectiveFrom) })}</span>
      <span className="derivation-citation">{citationText(rule.citation)}</span>
      {rule.supplied !== undefined && (
        <span className="derivation-supplied" data-testid="derivation-supplied" data-precedence={rule.supplied.precedence}>
          {words.supplied(rule.supplied)}
        </span>
      )}
    </div>
  );
}
