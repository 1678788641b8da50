/** What the dock shows of a panel: its tab in the page's language, its content behind an error boundary, or a placeholder when no feature offers it. */
import type { IDockviewPanelHeaderProps, IDockviewPanelProps } from 'dockview-react';
import { type ReactNode, type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorBoundary } from '../app/error-boundary';
import { panelDefinition } from '../features/registry';
import { ShownContext } from '../state/shown';
import { type FrameParams, panelName } from './panel-name';

export function PanelFrame({ api, params }: IDockviewPanelProps<FrameParams>): ReactNode {
  const definition = panelDefinition(params.panelId);
  const setTitle = useCallback((title: string) => api.setTitle(title), [api]);
  const close = useCallback(() => api.close(), [api]);
  const isShown = useIsShown(api);
  if (definition === undefined) return <Placeholder panelId={params.panelId} />;
  const Content = definition.component;
  return (
    <ErrorBoundary place={params.panelId}>
      <section className="panel" tabIndex={-1} data-panel={api.id} data-testid={`panel-${params.panelId}`}>
        <ShownContext value={isShown}>
          <Content params={params.panelParams} setTitle={setTitle} close={close} />
        </ShownContext>
      </section>
    </ErrorBoundary>
  );
}

/** The dock keeps a panel that lies behind another tab, with all that it has subscribed to. */
function useIsShown(api: IDockviewPanelProps['api']): boolean {
  const subscribe = useCallback(
    (onChange: () => void) => {
      const subscription = api.onDidVisibilityChange(onChange);
      return () => subscription.dispose();
    },
    [api],
  );
  return useSyncExternalStore(subscribe, () => api.isVisible);
}

function Placeholder({ panelId }: { panelId: string }): ReactNode {
  const { t } = useTranslation('app');
  return (
    <div className="empty" data-testid={`placeholder-${panelId}`}>
      <strong>{t('placeholder.what', { panel: panelId })}</strong>
      <span>{t('placeholder.todo')}</span>
    </div>
  );
}

export function PanelTab({ api, params }: IDockviewPanelHeaderProps<FrameParams>): ReactNode {
  const { t } = useTranslation();
  const [title, setTitle] = useState(api.title);
  const tab = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const subscription = api.onDidTitleChange(() => setTitle(api.title));
    // A panel names itself in its own first effect, which may run before this one.
    setTitle(api.title);
    return () => subscription.dispose();
  }, [api]);
  const definition = panelDefinition(params.panelId);
  const text = panelName({ id: api.id, title, params }, (panelId) => (definition === undefined ? panelId : t(definition.titleKey)));
  // The dock names the tab around this one by the panel's id for as long as the panel has no title of its own.
  useLayoutEffect(() => tab.current?.closest('[role="tab"]')?.setAttribute('aria-label', text), [text]);
  useKeptInSight(tab, api, text);
  return (
    <div ref={tab} className="panel-tab" data-testid={`tab-${api.id}`}>
      {definition !== undefined && (
        <span className="panel-tab-glyph" aria-hidden="true">
          {definition.glyph}
        </span>
      )}
      <span className="truncate">{text}</span>
      <button
        type="button"
        className="panel-tab-close"
        aria-label={t('app:closePanel', { panel: text })}
        title={t('app:closePanel', { panel: text })}
        data-testid={`tab-close-${api.id}`}
        onPointerDown={(event) => event.stopPropagation()}
        onClick={(event) => {
          event.stopPropagation();
          api.close();
        }}
      >
        ×
      </button>
    </div>
  );
}

/** The tab of the panel that is shown stays in sight: names change their length with the language, and the strip its width with the window. */
function useKeptInSight(tab: RefObject<HTMLElement | null>, api: IDockviewPanelHeaderProps['api'], text: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: another text is another width
  useEffect(() => {
    let frame = 0;
    const show = (): void => {
      cancelAnimationFrame(frame);
      // The strip has to be laid out anew before it can be scrolled.
      frame = requestAnimationFrame(() => {
        if (api.isVisible) tab.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
      });
    };
    show();
    const subscriptions = [api.onDidVisibilityChange(show), api.onDidDimensionsChange(show)];
    return () => {
      cancelAnimationFrame(frame);
      for (const subscription of subscriptions) subscription.dispose();
    };
  }, [tab, api, text]);
}

export function Watermark(): ReactNode {
  const { t } = useTranslation('app');
  return (
    <div className="empty" data-testid="workspace-empty">
      <strong>{t('workspace.empty')}</strong>
      <span>{t('workspace.emptyTodo')}</span>
    </div>
  );
}
