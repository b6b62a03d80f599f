// What else writes Prometheus text takes it from here, so that names, labels and buckets are spelled in one place.
export { type Label, type LabelNaming, labelsOf } from '../labels/label-set.ts';
export { type FamilyNaming, familyName } from '../names/translation.ts';
export { ChunkPool } from '../render/chunk-pool.ts';
export { Chunks } from '../render/chunks.ts';
export type { FamilyHead, SeriesBlock } from '../render/encoding.ts';
export type { FamilyType, Point } from '../render/point.ts';
export { TextEncoding } from '../render/text-encoding.ts';
export type { TextStyle } from '../render/text-blocks.ts';
export { labelsText, samplePrefix } from '../render/text-syntax.ts';
export { contentType, FALLBACK, type Format } from './format.ts';
