/** The streams of the contract, each with its builder. */
import type { EngineView } from '#engine/port/engine-view';
import type { StreamServers } from '#engine/port/open-stream';
import { accountStream } from '#engine/port/streams/account';
import { alertSendingStream } from '#engine/port/streams/alert-sending';
import { authStream } from '#engine/port/streams/auth';
import { drillStreams } from '#engine/port/streams/drills';
import { entityNamesStream } from '#engine/port/streams/entity-names';
import { handoversStream } from '#engine/port/streams/handovers';
import { healthStream } from '#engine/port/streams/health';
import { heatmapStream } from '#engine/port/streams/heatmap';
import { incidentStreams } from '#engine/port/streams/incidents';
import { noticesStream } from '#engine/port/streams/notices';
import { numbersStreams } from '#engine/port/streams/numbers';
import { oversightStreams } from '#engine/port/streams/oversight';
import { referenceStream } from '#engine/port/streams/reference';
import { rulesStream } from '#engine/port/streams/rules';
import { runStream, runsStream, sensorsStream } from '#engine/port/streams/runs';
import { statusStream } from '#engine/port/streams/status';
import { tableStream } from '#engine/port/streams/table';

export function createStreamServers(view: EngineView): StreamServers {
  return {
    auth: authStream(view),
    status: statusStream(view),
    heatmap: heatmapStream(view),
    table: tableStream(view),
    account: accountStream(view),
    entityNames: entityNamesStream(view),
    health: healthStream(view),
    alertSending: alertSendingStream(view),
    runs: runsStream(view),
    run: runStream(view),
    sensors: sensorsStream(view),
    ...drillStreams(view),
    handovers: handoversStream(view),
    ...incidentStreams(view),
    ...oversightStreams(view),
    reference: referenceStream(view),
    rules: rulesStream(view),
    notices: noticesStream(view),
    ...numbersStreams(view),
  };
}
