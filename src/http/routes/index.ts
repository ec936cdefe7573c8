import type { Routes } from '../deps.ts';
import { auditRoutes } from './audit.ts';
import { captureRoutes } from './capture.ts';
import { customerReadRoutes } from './customers-read.ts';
import { leadListRoutes } from './leads-list.ts';
import { leadReadRoutes } from './leads-read.ts';
import { problemRoutes } from './problems.ts';
import { searchRoutes } from './search.ts';

/** Every file of routes, in the order of the reference. */
export const ROUTES: readonly Routes[] = [
  captureRoutes,
  leadListRoutes,
  leadReadRoutes,
  customerReadRoutes,
  searchRoutes,
  auditRoutes,
  problemRoutes,
];
