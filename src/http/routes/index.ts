import type { Routes } from '../deps.ts';
import { captureRoutes } from './capture.ts';
import { problemRoutes } from './problems.ts';

/** Every file of routes, in the order of the reference. */
export const ROUTES: readonly Routes[] = [captureRoutes, problemRoutes];
