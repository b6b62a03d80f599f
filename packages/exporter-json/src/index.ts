export { JsonError, type JsonErrorCode } from './errors.ts';
export { JsonExporter, type JsonExporterOptions, type JsonStats } from './json-exporter.ts';
export { VERSION } from './version.ts';
