/** Records what the feeds say, and plays a recording again at a chosen speed. */
import { Button, InputGroup, ProgressBar } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StatusPicture } from '#shared/contract/streams';
import { fileNameOf } from '../../components/file-name';
import { useFormat } from '../../components/format/use-format';
import { RefusalNotice } from '../../components/refusal-notice';
import { StateMark } from '../../components/state-mark';
import { figures, TableHead, unseen } from '../../components/table-head';
import { TextDialog } from '../../components/text-dialog';
import { useMay } from '../../state/auth';
import { useNow } from '../../state/use-now';
import { request, useAction, useRequest, useStream } from '../../state/use-stream';
import './recording.css';

const SPEEDS = [1, 2, 5, 10, 60, 'max'] as const;
type Speed = (typeof SPEEDS)[number];

export function RecordingPanel(): ReactNode {
  const status = useStream('status', {}).picture;
  const [version, setVersion] = useState(0);
  return (
    <div className="panel-body">
      <div className="stack panel-pad" data-testid="recording">
        <Recorder recording={status?.recording ?? null} isReplay={status?.source === 'replay'} onChanged={() => setVersion((value) => value + 1)} />
        {status !== null && status.replay !== null && <Player replay={status.replay} />}
        <Recordings version={`${version} ${status?.recording === null}`} running={status?.recording?.file ?? null} />
      </div>
    </div>
  );
}

function Recorder({
  recording,
  isReplay,
  onChanged,
}: {
  recording: StatusPicture['recording'];
  isReplay: boolean;
  onChanged: () => void;
}): ReactNode {
  const { t } = useTranslation('recording');
  const format = useFormat();
  const nowMs = useNow();
  const [name, setName] = useState('');
  const [made, setMade] = useState<{ file: string; eventCount: number; bytes: number } | null>(null);
  const start = useAction('recording.start');
  const stop = useAction('recording.stop');
  return (
    <section className="card stack">
      <h3>{t('record')}</h3>
      {recording === null ? (
        <form
          className="row"
          onSubmit={async (event) => {
            event.preventDefault();
            setMade(null);
            const answer = await start.run(name.trim() === '' ? {} : { name: name.trim() });
            if (answer !== null) setName('');
          }}
        >
          <InputGroup
            placeholder={t('name')}
            aria-label={t('name')}
            maxLength={64}
            value={name}
            onValueChange={setName}
            data-testid="recording-name"
          />
          <Button type="submit" intent="primary" disabled={isReplay} loading={start.isWaiting} data-testid="recording-start">
            ● {t('start')}
          </Button>
          {isReplay && <span className="secondary">{t('notInReplay')}</span>}
        </form>
      ) : (
        <div className="row" data-testid="recording-running" data-seconds={Math.floor((nowMs - recording.sinceMs) / 1000)}>
          <StateMark mark="live">{t('running', { age: format.duration(nowMs - recording.sinceMs) })}</StateMark>
          <span>{t('size', { events: format.number(recording.eventCount), bytes: format.bytes(recording.bytes) })}</span>
          <Button
            loading={stop.isWaiting}
            data-testid="recording-stop"
            onClick={async () => {
              setMade(await stop.run({}, 60_000));
              onChanged();
            }}
          >
            ■ {t('stop')}
          </Button>
          <div className="mono secondary recording-file">{recording.file}</div>
        </div>
      )}
      {made !== null && (
        <output data-testid="recording-made">
          {t('made', { events: format.number(made.eventCount), bytes: format.bytes(made.bytes) })}{' '}
          <span className="mono recording-file">{made.file}</span>
        </output>
      )}
      <RefusalNotice refusal={start.refusal ?? stop.refusal} action={t('record')} />
    </section>
  );
}

function SpeedChoice({ speed, onChoose, testId }: { speed: number | 'max'; onChoose: (speed: Speed) => void; testId: string }): ReactNode {
  const { t } = useTranslation('recording');
  return (
    <fieldset className="segmented" aria-label={t('speed')}>
      {SPEEDS.map((each) => (
        <button key={each} type="button" aria-pressed={speed === each} data-testid={`${testId}-${each}`} onClick={() => onChoose(each)}>
          {each === 'max' ? t('max') : `${each}×`}
        </button>
      ))}
    </fieldset>
  );
}

function Player({ replay }: { replay: NonNullable<StatusPicture['replay']> }): ReactNode {
  const { t } = useTranslation('recording');
  const format = useFormat();
  const control = useAction('replay.control');
  return (
    <section className="card stack" data-testid="replay" data-finished={replay.finished} data-paused={replay.paused}>
      <h3>{t('replay')}</h3>
      <p>{t('replayMeaning')}</p>
      <div className="mono recording-file">{replay.file}</div>
      <ProgressBar value={replay.progress} stripes={false} animate={false} aria-label={t('progress')} />
      <div className="row">
        <span data-testid="replay-progress">{format.percent(replay.progress, 0)}</span>
        <span>{format.dateTime(replay.atMs)}</span>
        {replay.finished && <strong>{t('finished')}</strong>}
        {replay.paused && !replay.finished && <StateMark mark="paused">{t('paused')}</StateMark>}
      </div>
      <div className="row">
        {!replay.finished && (
          <Button data-testid="replay-pause" onClick={() => void control.run({ action: replay.paused ? 'resume' : 'pause' })}>
            {replay.paused ? `▶ ${t('resume')}` : `‖ ${t('pause')}`}
          </Button>
        )}
        <SpeedChoice speed={replay.speed} testId="replay-speed" onChoose={(speed) => void control.run({ action: 'speed', speed })} />
        <Button data-testid="replay-stop" onClick={() => void control.run({ action: 'stop' })}>
          ■ {t('backToFeed')}
        </Button>
      </div>
      <RefusalNotice refusal={control.refusal} action={t('replay')} />
    </section>
  );
}

function Recordings({ version, running }: { version: string; running: string | null }): ReactNode {
  const { t } = useTranslation('recording');
  const format = useFormat();
  const list = useRequest('recording.list', {}, version);
  const start = useAction('replay.start');
  const [speed, setSpeed] = useState<Speed>(1);
  const mayExport = useMay('export.make');
  const [exporting, setExporting] = useState<string | null>(null);
  const [exported, setExported] = useState<string | null>(null);
  const recordings = list.answer?.recordings ?? null;
  return (
    <section className="card stack">
      <div className="row">
        <h3>{t('list')}</h3>
        <div className="spacer" />
        <SpeedChoice speed={speed} testId="start-speed" onChoose={setSpeed} />
      </div>
      <RefusalNotice refusal={list.refusal ?? start.refusal} onRetry={list.reload} />
      {recordings !== null && recordings.length === 0 && <div data-testid="recordings-empty">{t('none')}</div>}
      {recordings !== null && recordings.length > 0 && (
        <div className="table-scroll">
          <table className="plain-table" data-testid="recordings">
            <TableHead headings={[t('file'), t('createdAt'), figures(t('bytes')), unseen(t('replay'))]} />
            <tbody>
              {recordings.map((recording) => {
                const isRunning = running !== null && fileNameOf(running) === recording.file;
                return (
                  <tr key={recording.file} data-testid="recording-row">
                    <td className="recording-file">
                      <span className="mono">{recording.file}</span>
                      <div className="secondary">{recording.source}</div>
                    </td>
                    <td>{format.dateTime(recording.createdAtMs)}</td>
                    <td className="number">{format.bytes(recording.bytes)}</td>
                    <td>
                      <Button
                        size="small"
                        disabled={isRunning}
                        title={isRunning ? t('stillRecording') : undefined}
                        loading={start.isWaiting}
                        data-testid="replay-start"
                        onClick={() => void start.run({ file: recording.file, speed }, 60_000)}
                      >
                        ▶ {t('play')}
                      </Button>
                      {mayExport && (
                        <Button
                          size="small"
                          variant="minimal"
                          disabled={isRunning}
                          data-testid="recording-export"
                          onClick={() => setExporting(recording.file)}
                        >
                          {t('export')}
                        </Button>
                      )}
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
      {exported !== null && (
        <output data-testid="recording-exported">
          {t('exported')} <span className="mono recording-file">{exported}</span>
        </output>
      )}
      <TextDialog
        isOpen={exporting !== null}
        title={t('exportTitle', { file: exporting ?? '' })}
        label={t('exportReason')}
        confirm={t('export')}
        isRequired
        testId="recording-export-dialog"
        onConfirm={async (reason) => {
          const outcome = await request('recording.export', { file: exporting ?? '', reason });
          if (outcome.ok) setExported(outcome.value.path);
          return outcome;
        }}
        onClose={() => setExporting(null)}
      >
        <p>{t('exportMeaning')}</p>
      </TextDialog>
    </section>
  );
}
