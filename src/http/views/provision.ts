import type { PayloadMode } from '../../domain/endpoint.ts';
import { momentOf } from '../../domain/instant.ts';
import type { ListedProvision } from '../../store/provision-list.ts';
import type { ProvisionRecord } from '../schemas/provision.ts';

/** One receiver of a person. */
export function provisionRecord(provision: ListedProvision): ProvisionRecord {
  return {
    endpoint: {
      id: provision.endpoint_id,
      description: provision.endpoint_description,
      state: provision.endpoint_state,
    },
    lead_id: provision.lead_id,
    recipient: provision.recipient,
    purpose: provision.purpose,
    payload: provision.payload as PayloadMode | null,
    sent: provision.sent,
    first_sent_at: momentOf(provision.first_sent_at),
    last_sent_at: momentOf(provision.last_sent_at),
  };
}
