/** Plan runs, and one run: they change only when someone acts, so they are sent only then. Sensors are read once a second. */
import type { EngineView } from '#engine/port/engine-view';
import type { StreamServer } from '#engine/port/open-stream';

export function runsStream(view: EngineView): StreamServer<'runs'> {
  return () => ({ version: () => view.deskVersion(), build: () => ({ runs: [...view.runs()], librarySequence: view.librarySequence() }) });
}

export function runStream(view: EngineView): StreamServer<'run'> {
  return ({ runId }) => ({ version: () => view.deskVersion(), build: () => ({ run: view.run(runId) }) });
}

const SENSOR_PACE_MS = 1_000;

export function sensorsStream(view: EngineView): StreamServer<'sensors'> {
  return () => ({ version: (nowMs) => Math.floor(nowMs / SENSOR_PACE_MS), build: () => ({ readings: view.sensors() }) });
}
