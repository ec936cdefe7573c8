import type { Routes } from '../deps.ts';
import { adviserDayRoutes } from './adviser-day.ts';
import { adviserRoutes } from './advisers.ts';
import { auditRoutes } from './audit.ts';
import { behaviourRoutes } from './behaviours.ts';
import { captureRoutes } from './capture.ts';
import { channelRoutes } from './channels.ts';
import { customerWorkRoutes } from './customer-work.ts';
import { customerReadRoutes } from './customers-read.ts';
import { dealRoutes } from './deals.ts';
import { deliveryRoutes } from './deliveries.ts';
import { endpointRoutes } from './endpoints.ts';
import { endpointWorkRoutes } from './endpoints-work.ts';
import { eventRoutes } from './events.ts';
import { formBehaviourRoutes } from './form-behaviours.ts';
import { formRoutes } from './forms.ts';
import { hookRoutes } from './hooks.ts';
import { importRoutes } from './imports.ts';
import { importReadRoutes } from './imports-read.ts';
import { importRevertRoutes } from './imports-revert.ts';
import { importWorkRoutes } from './imports-work.ts';
import { keyRoutes } from './keys.ts';
import { leadAssignRoutes } from './lead-assign.ts';
import { leadChangeRoutes } from './lead-change.ts';
import { leadScoreRoutes } from './lead-score.ts';
import { leadStateRoutes } from './lead-state.ts';
import { leadExportRoutes } from './leads-export.ts';
import { leadListRoutes } from './leads-list.ts';
import { leadReadRoutes } from './leads-read.ts';
import { policyRoutes } from './policy.ts';
import { privacyRoutes } from './privacy.ts';
import { problemRoutes } from './problems.ts';
import { provisionRoutes } from './provisions.ts';
import { quarantineRoutes } from './quarantine.ts';
import { quarantineRetryRoutes } from './quarantine-retry.ts';
import { ratingRoutes } from './ratings.ts';
import { redriveRoutes } from './redrive.ts';
import { regionRoutes } from './regions.ts';
import { reviewRoutes } from './reviews.ts';
import { scoreActivationRoutes } from './score-activation.ts';
import { scoreBacktestRoutes } from './score-backtest.ts';
import { scoreModelRoutes } from './score-models.ts';
import { searchRoutes } from './search.ts';
import { sourceFetchRoutes } from './source-fetches.ts';
import { sourceRecordingRoutes } from './source-recordings.ts';
import { sourceReplayRoutes } from './source-replay.ts';
import { sourceWorkRoutes } from './source-work.ts';
import { sourceRoutes } from './sources.ts';
import { storeRoutes } from './stores.ts';
import { suppressionRoutes } from './suppressions.ts';
import { taskRoutes } from './tasks.ts';
import { taskWorkRoutes } from './tasks-work.ts';
import { territoryRoutes } from './territory.ts';
import { touchRoutes } from './touches.ts';
import { trackRoutes } from './track.ts';

/** Every file of routes, in the order of the reference. */
export const ROUTES: readonly Routes[] = [
  captureRoutes,
  hookRoutes,
  formRoutes,
  formBehaviourRoutes,
  trackRoutes,
  behaviourRoutes,
  importRoutes,
  importReadRoutes,
  importWorkRoutes,
  importRevertRoutes,
  leadListRoutes,
  leadExportRoutes,
  leadReadRoutes,
  leadScoreRoutes,
  leadStateRoutes,
  leadChangeRoutes,
  ratingRoutes,
  leadAssignRoutes,
  dealRoutes,
  taskRoutes,
  taskWorkRoutes,
  adviserDayRoutes,
  touchRoutes,
  customerReadRoutes,
  customerWorkRoutes,
  searchRoutes,
  privacyRoutes,
  provisionRoutes,
  suppressionRoutes,
  quarantineRoutes,
  quarantineRetryRoutes,
  reviewRoutes,
  policyRoutes,
  regionRoutes,
  storeRoutes,
  adviserRoutes,
  territoryRoutes,
  scoreModelRoutes,
  scoreActivationRoutes,
  scoreBacktestRoutes,
  endpointRoutes,
  endpointWorkRoutes,
  sourceRoutes,
  sourceFetchRoutes,
  sourceWorkRoutes,
  sourceRecordingRoutes,
  sourceReplayRoutes,
  channelRoutes,
  deliveryRoutes,
  redriveRoutes,
  eventRoutes,
  keyRoutes,
  auditRoutes,
  problemRoutes,
];
