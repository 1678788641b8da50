/** A list with the opened thing beside it where there is room, and in its place where there is not. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import './master-detail.css';

type Props = { list: ReactNode; detail: ReactNode | null; onBack: () => void };

export function MasterDetail({ list, detail, onBack }: Props): ReactNode {
  const { t } = useTranslation('app');
  return (
    <div className="master-detail" data-open={detail !== null}>
      <div className="master-list">{list}</div>
      {detail !== null && (
        // biome-ignore lint/a11y/noStaticElementInteractions: Esc is a short cut for the button inside
        <section
          className="master-side"
          onKeyDown={(event) => {
            if (event.key === 'Escape' && !event.defaultPrevented) onBack();
          }}
        >
          <button type="button" className="master-back" data-testid="detail-back" onClick={onBack}>
            ← {t('back')} <kbd>Esc</kbd>
          </button>
          <div className="master-scroll">{detail}</div>
        </section>
      )}
    </div>
  );
}
