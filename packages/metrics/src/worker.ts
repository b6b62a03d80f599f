/**
 * Import this in a worker thread and its instruments record for the main thread's provider: it registers a provider
 * that is linked to that one as the thread's global provider. The main thread creates its provider before the worker.
 */
import { metrics } from '@opentelemetry/api';
import { MeterProvider } from './meter-provider.ts';

metrics.setGlobalMeterProvider(new MeterProvider());
