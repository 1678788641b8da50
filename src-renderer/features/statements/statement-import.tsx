/** Takes a settlement statement in: dropped, chosen, pasted or by its path. A refusal names the line and leaves the text as it was. */
import { Button, FileInput, InputGroup } from '@blueprintjs/core';
import { type DragEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StatementView } from '#shared/contract/numbers-desk';
import { useFormat } from '../../components/format/use-format';
import { RefusalNotice } from '../../components/refusal-notice';
import { TextField } from '../../components/text-field';
import { useAction } from '../../state/use-stream';
import { decodeStatement } from './read-statement-file';

const IMPORT_TIMEOUT_MS = 60_000;

export function StatementImport({ onImported }: { onImported(statement: StatementView): void }): ReactNode {
  const { t } = useTranslation('statements');
  const format = useFormat();
  const [path, setPath] = useState('');
  const [text, setText] = useState('');
  const [fileNote, setFileNote] = useState('');
  const [isOver, setIsOver] = useState(false);
  const { run, refusal, isWaiting, clear } = useAction('statement.import');
  const importIt = async (payload: { path?: string; text?: string }): Promise<void> => {
    const statement = await run(payload, IMPORT_TIMEOUT_MS);
    if (statement === null) return;
    setText('');
    setPath('');
    setFileNote('');
    onImported(statement);
  };
  const takeFile = async (file: File): Promise<void> => {
    clear();
    const { text: read, encoding } = decodeStatement(await file.arrayBuffer());
    setText(read);
    setFileNote(t('fileRead', { name: file.name, encoding, bytes: format.bytes(file.size) }));
    await importIt({ text: read });
  };
  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    setIsOver(false);
    const file = event.dataTransfer.files[0];
    if (file !== undefined) void takeFile(file);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a short cut for the file field inside
    <section
      className="statement-import stack"
      data-over={isOver}
      data-testid="statement-import"
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={onDrop}
    >
      <div className="row">
        <strong>{t('import')}</strong>
        <span className="secondary">{t('importHint')}</span>
      </div>
      <div className="row">
        <FileInput
          size="small"
          text={t('noFile')}
          buttonText={t('browse')}
          inputProps={{ accept: '.txt,text/plain', 'aria-label': t('chooseFile'), 'data-testid': 'statement-file' } as object}
          onInputChange={(event) => {
            const file = event.currentTarget.files?.[0];
            if (file !== undefined) void takeFile(file);
            event.currentTarget.value = '';
          }}
        />
        <InputGroup
          size="small"
          className="statement-path"
          maxLength={1000}
          placeholder={t('path')}
          aria-label={t('path')}
          value={path}
          data-testid="statement-path"
          onValueChange={setPath}
        />
        <Button
          size="small"
          disabled={path.trim() === ''}
          loading={isWaiting}
          onClick={() => void importIt({ path: path.trim() })}
          data-testid="statement-import-path"
        >
          {t('importPath')}
        </Button>
      </div>
      <TextField
        label={t('paste')}
        isLabelHidden
        rows={3}
        maxLength={null}
        className="mono"
        placeholder={t('paste')}
        value={text}
        testId="statement-text"
        onValueChange={(pasted) => {
          setText(pasted);
          setFileNote('');
        }}
      />
      <div className="row">
        <Button
          size="small"
          intent="primary"
          disabled={text.trim() === ''}
          loading={isWaiting}
          data-testid="statement-import-text"
          onClick={() => void importIt({ text })}
        >
          {t('importText')}
        </Button>
        <span className="secondary">{fileNote}</span>
      </div>
      <RefusalNotice refusal={refusal} action={t('import')} />
    </section>
  );
}
