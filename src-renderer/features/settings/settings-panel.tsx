/** Settings: how the page looks, when it locks, and where the data comes from. Every change is an entry in the journal. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { About } from './about';
import { Appearance } from './appearance';
import { ExportApproval } from './export-approval';
import { Feeds } from './feeds';
import { IdleLock } from './idle-lock';
import { Protection } from './protection';
import './settings.css';

export function SettingsPanel(): ReactNode {
  const { t } = useTranslation('settings');
  return (
    <div className="panel-body">
      <div className="stack panel-pad settings" data-testid="settings">
        <p className="secondary">{t('journalled')}</p>
        <IdleLock />
        <Appearance />
        <Feeds />
        <Protection />
        <ExportApproval />
        <About />
      </div>
    </div>
  );
}
