/** Keeps a fault in one panel inside that panel: the rest of the desk goes on, and the panel can be tried again. */
import { Component, type ReactNode } from 'react';
import { Translation } from 'react-i18next';

type Props = { place: string; children: ReactNode };
type State = { error: Error | null };

export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: Error): State {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <Translation ns="app">
        {(t) => (
          <div className="empty" role="alert" data-testid="panel-fault" data-place={this.props.place}>
            <strong>{t('panelFault.what')}</strong>
            <span>{t('panelFault.stillWorks')}</span>
            <span className="mono muted">{error.message}</span>
            <button type="button" className="bp6-button" onClick={() => this.setState({ error: null })}>
              {t('panelFault.retry')}
            </button>
          </div>
        )}
      </Translation>
    );
  }
}
