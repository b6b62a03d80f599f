import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { type Panel, ThresholdsConfigBuilder, ThresholdsMode } from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatPanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimeseriesPanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { PROMETHEUS_UID } from './data-sources.ts';

/** One query of a panel. */
export interface Query {
  readonly expression: string;
  readonly legend: string;
}

/** What a panel shows, independent of how Grafana stores it. */
export interface PanelSpec {
  /** Never changed or reused: alert rules and links refer to it. */
  readonly id: number;
  readonly title: string;
  /** What it shows, and what to do when it looks wrong. */
  readonly description: string;
  readonly queries: readonly Query[];
  /** Grafana's unit id; `none` by default. */
  readonly unit?: string;
  readonly kind?: 'timeseries' | 'stat';
  /** A stat shows its legend instead of its value. */
  readonly shows?: 'legend';
  /** Of 24 columns; 8 by default, 5 for a single number. */
  readonly width?: number;
  /** Where the colour turns to amber and red. */
  readonly thresholds?: { readonly amber: number; readonly red: number };
  /** Lowest value of the axis; the data's own when absent. */
  readonly min?: number;
}

const DATA_SOURCE = { type: 'prometheus', uid: PROMETHEUS_UID };

function targets(spec: PanelSpec, instant: boolean): DataqueryBuilder[] {
  return spec.queries.map(({ expression, legend }, index) => {
    const query = new DataqueryBuilder()
      .refId(String.fromCharCode(65 + index))
      .datasource(DATA_SOURCE)
      .expr(expression)
      .legendFormat(legend);
    return instant ? query.instant() : query.range();
  });
}

function thresholds(spec: PanelSpec): ThresholdsConfigBuilder {
  const { amber, red } = spec.thresholds ?? {};
  const steps = [
    { value: null, color: 'green' },
    ...(amber === undefined ? [] : [{ value: amber, color: 'orange' }]),
    ...(red === undefined ? [] : [{ value: red, color: 'red' }]),
  ];
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps);
}

function stat(spec: PanelSpec): StatPanelBuilder {
  return new StatPanelBuilder()
    .height(4)
    .span(spec.width ?? 5)
    .graphMode(BigValueGraphMode.None)
    .textMode(spec.shows === 'legend' ? BigValueTextMode.Name : BigValueTextMode.Auto)
    .colorMode(spec.thresholds === undefined ? BigValueColorMode.None : BigValueColorMode.Value)
    .thresholds(thresholds(spec))
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .targets(targets(spec, true));
}

function timeseries(spec: PanelSpec): TimeseriesPanelBuilder {
  const panel = new TimeseriesPanelBuilder()
    .height(8)
    .span(spec.width ?? 8)
    .lineWidth(1)
    .fillOpacity(0)
    .showPoints(VisibilityMode.Never)
    .thresholds(thresholds(spec))
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending))
    .targets(targets(spec, false));
  if (spec.thresholds !== undefined) {
    panel.thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
  }
  if (spec.min !== undefined) panel.min(spec.min);
  return panel;
}

/** Grafana's form of a panel. */
export function buildPanel(spec: PanelSpec): Builder<Panel> {
  const panel = spec.kind === 'stat' ? stat(spec) : timeseries(spec);
  return panel
    .id(spec.id)
    .title(spec.title)
    .description(spec.description)
    .datasource(DATA_SOURCE)
    .unit(spec.unit ?? 'none');
}
