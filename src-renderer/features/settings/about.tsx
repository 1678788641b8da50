/** Which program this is and what it runs on: the first thing support asks for. */
import { Button } from '@blueprintjs/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

export function About(): ReactNode {
  const { t } = useTranslation('settings');
  const bridge = window.floorwatch;
  if (bridge === undefined) return null;
  const { appVersion, electronVersion, chromeVersion, platform, isPackaged } = bridge.about;
  const text = `Floorwatch ${appVersion}, Electron ${electronVersion}, Chromium ${chromeVersion}, ${platform}${isPackaged ? '' : `, ${t('unpackaged')}`}`;
  return (
    <section className="card stack">
      <h3>{t('about')}</h3>
      <div className="row">
        <span className="mono">{text}</span>
        <Button size="small" variant="outlined" onClick={() => bridge.copyText(text)}>
          {t('copy')}
        </Button>
      </div>
    </section>
  );
}
