export { PrometheusExporter } from './exporter.ts';
/** The same class under the name of what it is to a provider. */
export { PrometheusExporter as PrometheusReader } from './exporter.ts';
export { PrometheusExporterError, type PrometheusExporterErrorCode } from './errors.ts';
export type { PrometheusExporterOptions } from './options.ts';
export type { Exposition, RenderedExposition } from './exposition.ts';
export type { PrometheusExporterStats, ScrapeError } from './stats.ts';
export type { DropCause } from './drop-counts.ts';
export type { TranslationStrategy } from './names/translation.ts';
export type { Protocol } from './format/format.ts';
export type { Exemplar } from './render/point.ts';
export { VERSION } from './version.ts';
