/** Every request about incidents and the reporting clock with what answers it. */
import type { HandlersOf } from '#engine/desk/handlers';
import type { IncidentDesk } from '#engine/desk/incidents/incident-desk';
import type { INCIDENT_REQUESTS } from '#shared/contract/incidents';
import { accept } from '#shared/refusal';

export function incidentRequests(incidents: IncidentDesk): HandlersOf<keyof typeof INCIDENT_REQUESTS> {
  return {
    'incident.open': (payload) => incidents.open(payload),
    'incident.get': (payload) => incidents.get(payload),
    'incident.act': (payload) => incidents.act(payload),
    'duty.act': (payload) => incidents.actOnDuty(payload),
    'duty.arm': (payload) => incidents.arm(payload),
    'firm.get': () => {
      const { licences, isCriticalInfrastructure } = incidents.firm();
      return accept({ licences: [...licences], isCriticalInfrastructure });
    },
    'firm.state': (payload) => incidents.stateFirm(payload),
  };
}
