/** Takes several rows from a CSV file: each refusal by line and field, and one request for all of them once there is none. */
import { Button, Dialog, DialogBody, DialogFooter, FileInput } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RequestAnswer } from '#shared/contract/requests';
import { RefusalNotice } from '../../components/refusal-notice';
import { TextField } from '../../components/text-field';
import { useAction, useRequest } from '../../state/use-stream';
import { decodeStatement } from '../statements/read-statement-file';
import { placeText } from './place-text';
import { useReferenceWords } from './reference-words';
import { UseMark } from './row-standing';

type Read = RequestAnswer<'reference.readFile'>;

export function FileImport({ onClose }: { onClose(): void }): ReactNode {
  const { t } = useTranslation('reference');
  const words = useReferenceWords();
  const [text, setText] = useState('');
  const [read, setRead] = useState<Read | null>(null);
  const [reason, setReason] = useState('');
  const reading = useAction('reference.readFile');
  const supplying = useAction('reference.supply');
  const isGood = read !== null && read.refusals.length === 0 && read.rows.length > 0;
  const drafts = isGood ? read.rows.map(({ draft }) => draft) : [];
  const preview = useRequest('reference.preview', isGood ? { rows: drafts } : null);
  const check = async (content: string): Promise<void> => {
    setText(content);
    setRead(null);
    supplying.clear();
    if (content.trim() !== '') setRead(await reading.run({ text: content }));
  };
  const send = async (): Promise<void> => {
    if ((await supplying.run({ rows: drafts, reason: reason.trim() })) !== null) onClose();
  };
  const isSent = supplying.refusal?.code === 'NEEDS_APPROVAL';
  return (
    <Dialog isOpen onClose={onClose} title={t('file.title')} canOutsideClickClose={text === ''} className="rule-dialog">
      <div data-testid="reference-file" data-rows={read?.rows.length ?? ''} data-refusals={read?.refusals.length ?? ''}>
        <DialogBody className="stack">
          <p className="secondary">{t('file.hint')}</p>
          <div className="mono secondary reference-head">kind,exchangeID,productID,instrumentID,…,effectiveFrom,citation,certainty,precedence</div>
          <FileInput
            size="small"
            text={t('file.none')}
            buttonText={t('file.browse')}
            inputProps={{ accept: '.csv,text/csv,text/plain', 'aria-label': t('file.choose'), 'data-testid': 'reference-file-choose' } as object}
            onInputChange={(event) => {
              const file = event.currentTarget.files?.[0];
              if (file !== undefined) void file.arrayBuffer().then((bytes) => check(decodeStatement(bytes).text));
              event.currentTarget.value = '';
            }}
          />
          <TextField
            label={t('file.paste')}
            isLabelHidden
            rows={5}
            maxLength={null}
            className="mono"
            placeholder={t('file.paste')}
            value={text}
            testId="reference-file-text"
            onValueChange={(pasted) => void check(pasted)}
          />
          <RefusalNotice refusal={reading.refusal} action={t('file.title')} />
          {read !== null && read.refusals.length > 0 && (
            <ul className="rule-issues reference-scroll" role="status" data-testid="reference-file-refusals">
              {read.refusals.map(({ line, field, message }) => (
                <li key={`${line} ${field} ${message}`} data-line={line} data-field={field}>
                  {t('file.line', { line })} {field === '' ? '' : words.field(field)}: {t('form.wrong')} <span className="secondary">{message}</span>
                </li>
              ))}
            </ul>
          )}
          {isGood && (
            <>
              <p>{t('file.good', { count: drafts.length })}</p>
              <div className="reference-scroll">
                <table className="plain-table" data-testid="reference-file-rows">
                  <tbody>
                    {read.rows.map(({ line, draft }, at) => {
                      const use = preview.answer?.standings[at]?.use;
                      return (
                        <tr key={line}>
                          <td className="secondary">{line}</td>
                          <td>{t(`kind.${draft.item.kind}`)}</td>
                          <td>{placeText(draft.item)}</td>
                          <td>{words.value('effectiveFrom', draft.item.effectiveFrom)}</td>
                          <td>{use === undefined ? '' : <UseMark use={use} />}</td>
                        </tr>
                      );
                    })}
                  </tbody>
                </table>
              </div>
              <TextField label={t('form.reason')} info={t('app:required')} value={reason} testId="reference-file-reason" onValueChange={setReason} />
            </>
          )}
          <RefusalNotice refusal={supplying.refusal} action={t('form.ask')} onLeave={onClose} />
        </DialogBody>
        <DialogFooter
          actions={
            <>
              <Button onClick={onClose}>{t(isSent ? 'app:close' : 'app:cancel')}</Button>
              <Button
                intent="primary"
                disabled={!isGood || reason.trim() === '' || isSent}
                loading={supplying.isWaiting || reading.isWaiting}
                data-testid="reference-file-send"
                onClick={() => void send()}
              >
                {t('file.send', { count: drafts.length })}
              </Button>
            </>
          }
        >
          <span className="secondary">{t('form.needsApproval')}</span>
        </DialogFooter>
      </div>
    </Dialog>
  );
}
