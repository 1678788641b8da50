/** Evidence of one thing (a run, an incident, an alert): add by pasting, dropping or choosing, see what is kept, look at it safely, take it out with a reason. */
import { Button } from '@blueprintjs/core';
import { type ChangeEvent, type ClipboardEvent, type DragEvent, type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EvidenceAbout, EvidenceFile } from '#shared/desk/evidence/evidence';
import type { Refusal } from '#shared/refusal';
import { useFormat } from '../../components/format/use-format';
import { RefusalNotice } from '../../components/refusal-notice';
import { usePersonName } from '../../state/person-names';
import { useRequest } from '../../state/use-stream';
import { addFile } from './add-file';
import { CameraDialog } from './camera-dialog';
import { EvidenceView } from './evidence-view';
import './evidence.css';

/** `version` changes when files may have been added elsewhere. */
export function EvidenceBox({ about, version = 0 }: { about: EvidenceAbout; version?: number }): ReactNode {
  const { t } = useTranslation('evidence');
  const format = useFormat();
  const nameOf = usePersonName();
  const chooser = useRef<HTMLInputElement>(null);
  const [share, setShare] = useState<number | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [note, setNote] = useState('');
  const [shown, setShown] = useState<EvidenceFile | null>(null);
  const [isPhotographing, setIsPhotographing] = useState(false);
  const list = useRequest('evidence.list', { about: { kind: about.kind, id: about.id } }, version);

  async function add(files: readonly File[]): Promise<void> {
    for (const file of files) {
      setRefusal(null);
      setShare(0);
      const added = await addFile(file, about, note, setShare);
      setShare(null);
      if (!added.ok) {
        setRefusal(added);
        break;
      }
      setNote('');
    }
    list.reload();
  }

  function onDrop(event: DragEvent): void {
    event.preventDefault();
    void add([...event.dataTransfer.files]);
  }

  function onPaste(event: ClipboardEvent): void {
    const files = [...event.clipboardData.files];
    if (files.length === 0) return;
    event.preventDefault();
    void add(files);
  }

  function onChosen(event: ChangeEvent<HTMLInputElement>): void {
    const files = [...(event.target.files ?? [])];
    event.target.value = '';
    void add(files);
  }

  const files = list.answer?.files ?? [];
  return (
    <section className="stack evidence" data-testid="evidence" data-count={files.length} onPaste={onPaste}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping has no keyboard form; the button beside it does the same */}
      <div className="evidence-drop stack" data-testid="evidence-drop" onDragOver={(event) => event.preventDefault()} onDrop={onDrop}>
        <div className="row">
          <span>{t('drop')}</span>
          <div className="spacer" />
          <Button size="small" loading={share !== null} data-testid="evidence-choose" onClick={() => chooser.current?.click()}>
            {t('choose')}
          </Button>
          <Button size="small" data-testid="evidence-photo" onClick={() => setIsPhotographing(true)}>
            {t('photo')}
          </Button>
        </div>
        <input
          className="bp6-input"
          aria-label={t('note')}
          placeholder={t('note')}
          maxLength={2000}
          value={note}
          data-testid="evidence-note"
          onChange={(event) => setNote(event.target.value)}
        />
        <input ref={chooser} type="file" hidden multiple data-testid="evidence-file" onChange={onChosen} />
        {share !== null && <progress max={1} value={share} aria-label={t('adding')} />}
        <div className="secondary">{t('kept')}</div>
      </div>
      <RefusalNotice refusal={refusal ?? list.refusal} action={t('add')} />
      {files.length === 0 ? (
        <div className="secondary">{t('none')}</div>
      ) : (
        <ul className="evidence-list">
          {files.map((file) => {
            const use = file.uses.find((one) => one.about.kind === about.kind && one.about.id === about.id);
            return (
              <li key={file.sha256} className="row" data-testid="evidence-row" data-type={file.mediaType}>
                <span className="evidence-name">{use?.name}</span>
                <span className="secondary">
                  {format.bytes(file.bytes)} {use === undefined ? '' : nameOf(use.addedBy)} {use === undefined ? '' : format.time(use.addedAtMs)}
                </span>
                <span>{use?.note}</span>
                <code className="secondary" title={file.sha256}>
                  {file.sha256.slice(0, 12)}
                </code>
                <div className="spacer" />
                <Button size="small" variant="outlined" data-testid="evidence-view" onClick={() => setShown(file)}>
                  {t('view')}
                </Button>
              </li>
            );
          })}
        </ul>
      )}
      {isPhotographing && (
        <CameraDialog
          onClose={() => setIsPhotographing(false)}
          onTaken={async (picture) => {
            const added = await addFile(picture, about, note, setShare);
            setShare(null);
            if (!added.ok) return added;
            setNote('');
            list.reload();
            return null;
          }}
        />
      )}
      {shown !== null && <EvidenceView file={shown} about={about} onClose={() => setShown(null)} />}
    </section>
  );
}
