/** The journal and the cache on disk, and the back-ups with their proof. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { HealthPicture } from '#shared/contract/streams';
import { fileNameOf } from '../../components/file-name';
import { Age } from '../../components/format/figure';
import { useFormat } from '../../components/format/use-format';
import { RefusalNotice } from '../../components/refusal-notice';
import { TableHead, unseen } from '../../components/table-head';
import { TextDialog } from '../../components/text-dialog';
import { useMay } from '../../state/auth';
import { request, useAction } from '../../state/use-stream';

/** A back-up of a large journal with its verified restore takes its time. */
const BACKUP_TIMEOUT_MS = 120_000;

export function StoreHealth({ store }: { store: HealthPicture['store'] }): ReactNode {
  const { t } = useTranslation('health');
  const format = useFormat();
  const backup = useAction('backup.now');
  const mayRestore = useMay('backup.restore');
  const [restoring, setRestoring] = useState<string | null>(null);
  const [made, setMade] = useState<{ file: string; verified: boolean } | null>(null);
  return (
    <section className="card stack" data-testid="health-store">
      <div className="row">
        <h3>{t('store')}</h3>
        <div className="spacer" />
        <Button
          size="small"
          data-testid="backup-now"
          loading={backup.isWaiting}
          onClick={() => {
            setMade(null);
            void backup.run({}, BACKUP_TIMEOUT_MS).then(setMade);
          }}
        >
          {t('backupNow')}
        </Button>
      </div>
      <RefusalNotice refusal={backup.refusal} action={t('backupNow')} />
      {made !== null && (
        <output className="mono" data-testid="backup-made">
          {t(made.verified ? 'backupMade' : 'backupUnverified', { file: made.file })}
        </output>
      )}
      <dl className="facts health-facts">
        <dt>{t('journal')}</dt>
        <dd>
          <span className="mono">{store.journalFile}</span> {format.bytes(store.journalBytes)}
        </dd>
        <dt>{t('cache')}</dt>
        <dd>
          <span className="mono">{store.cacheFile}</span> {format.bytes(store.cacheBytes)}
        </dd>
        <dt>SQLite</dt>
        <dd>{store.sqliteVersion}</dd>
        <dt>{t('protection')}</dt>
        <dd data-testid="health-protection" data-protection={store.protection}>
          {store.protection === 'file' ? `⚠ ${t('protection_file')}` : t(`protection_${store.protection}`)}
        </dd>
      </dl>
      {store.backups.length === 0 ? (
        <div>{t('noBackups')}</div>
      ) : (
        <div className="table-scroll health-short">
          <table className="plain-table" data-testid="health-backups">
            <TableHead headings={[t('backup'), t('made'), t('verified'), mayRestore && unseen(t('restore'))]} />
            <tbody>
              {store.backups.map((each) => (
                <tr key={each.file}>
                  <td className="mono health-file">{each.file}</td>
                  <td>
                    <Age atMs={each.atMs} />
                  </td>
                  <td>{each.verified ? `✓ ${t('yes')}` : `✕ ${t('no')}`}</td>
                  {mayRestore && (
                    <td>
                      <Button size="small" variant="minimal" data-testid="backup-restore" onClick={() => setRestoring(fileNameOf(each.file))}>
                        {t('restore')}
                      </Button>
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <TextDialog
        isOpen={restoring !== null}
        title={t('restoreTitle', { file: restoring ?? '' })}
        label={t('restoreReason')}
        confirm={t('restoreConfirm')}
        isRequired
        intent="danger"
        testId="restore-dialog"
        onConfirm={(reason) => request('backup.restore', { file: restoring ?? '', reason })}
        onClose={() => setRestoring(null)}
      >
        <p>{t('restoreMeaning')}</p>
      </TextDialog>
    </section>
  );
}
