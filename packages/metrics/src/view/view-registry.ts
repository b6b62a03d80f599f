import type { InstrumentationScope } from '../collect/scope.ts';
import { type AttributeRules, attributeRules, KEEP_ALL } from '../attributes/attributes-processor.ts';
import type { AggregationOption } from '../data-types.ts';
import { namedAggregation } from '../aggregation/aggregation.ts';
import { MetricsError } from '../errors.ts';
import type { ExemplarReservoirFactory } from '../exemplar/exemplar-reservoir.ts';
import type { InstrumentDescriptor } from '../instrument/descriptor.ts';
import type { ViewOptions } from './view-options.ts';

/** How one stream of an instrument differs from the instrument. */
export interface View {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  /** The reader's when absent (specification; the stock SDK ignores the reader here). */
  readonly aggregation?: AggregationOption | undefined;
  /** The reader's when absent. */
  readonly limit?: number | undefined;
  readonly rules: AttributeRules;
  readonly exemplarReservoir?: ExemplarReservoirFactory | undefined;
}

/** What happens to instruments that no view selects. */
const UNCHANGED: View = { rules: KEEP_ALL };

const SELECTORS = [
  'instrumentName',
  'instrumentType',
  'instrumentUnit',
  'meterName',
  'meterVersion',
  'meterSchemaUrl',
] as const;

const SPECIAL = /[\^$\\.+()[\]{}|]/g;

/** `*` stands for any characters, `?` for one; instrument names are equal whatever their case. */
function namePattern(pattern: string): RegExp {
  const source = pattern.replace(SPECIAL, '\\$&').replaceAll('*', '.*').replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'is');
}

function validate(options: ViewOptions): void {
  if (SELECTORS.every((selector) => options[selector] === undefined || options[selector] === null)) {
    throw new MetricsError('invalid_view', `a view needs at least one of ${SELECTORS.join(', ')}`);
  }
  if (options.name !== undefined && !/^[^*?]+$/.test(options.instrumentName ?? '')) {
    throw new MetricsError(
      'invalid_view',
      `view "${options.name}" renames, so its instrumentName must name one instrument; got ${options.instrumentName ?? 'none'}`,
    );
  }
  if (options.aggregation !== undefined) namedAggregation(options.aggregation);
  if (options.exemplarReservoir !== undefined && typeof options.exemplarReservoir !== 'function') {
    throw new MetricsError('invalid_view', 'exemplarReservoir must be a function that returns a reservoir');
  }
  const limit = options.aggregationCardinalityLimit;
  if (limit !== undefined && !(Number.isInteger(limit) && limit > 0)) {
    throw new MetricsError('invalid_view', `aggregationCardinalityLimit must be a whole number from 1, got ${limit}`);
  }
}

class SelectingView {
  readonly view: View;
  readonly #options: ViewOptions;
  readonly #name: RegExp | undefined;

  constructor(options: ViewOptions) {
    validate(options);
    this.#options = { ...options };
    this.#name = options.instrumentName === undefined ? undefined : namePattern(options.instrumentName);
    this.view = {
      name: options.name,
      description: options.description,
      aggregation: options.aggregation,
      limit: options.aggregationCardinalityLimit,
      rules: attributeRules(options.attributesProcessors),
      exemplarReservoir: options.exemplarReservoir,
    };
  }

  /** All criteria given must match (specification: they are additive). */
  selects(instrument: InstrumentDescriptor, scope: InstrumentationScope): boolean {
    const { instrumentType, instrumentUnit, meterName, meterVersion, meterSchemaUrl } = this.#options;
    return (
      (this.#name === undefined || this.#name.test(instrument.name)) &&
      (instrumentType === undefined || instrumentType === instrument.type) &&
      (instrumentUnit === undefined || instrumentUnit === instrument.unit) &&
      (meterName === undefined || meterName === scope.name) &&
      (meterVersion === undefined || meterVersion === scope.version) &&
      (meterSchemaUrl === undefined || meterSchemaUrl === scope.schemaUrl)
    );
  }
}

/** The views of a provider, in the order given. */
export class ViewRegistry {
  readonly #views: readonly SelectingView[];

  /** Throws {@link MetricsError} `invalid_view`. */
  constructor(views: readonly ViewOptions[]) {
    this.#views = views.map((options) => new SelectingView(options));
  }

  /** Every view that selects the instrument gives a stream of its own; without any there is one unchanged stream. */
  viewsOf(instrument: InstrumentDescriptor, scope: InstrumentationScope): readonly View[] {
    const views = this.#views.filter((view) => view.selects(instrument, scope)).map(({ view }) => view);
    return views.length > 0 ? views : [UNCHANGED];
  }

  /** Tells views apart; -1 for the absence of one. */
  positionOf(view: View): number {
    return this.#views.findIndex((selecting) => selecting.view === view);
  }
}
