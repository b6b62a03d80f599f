export { bindCounter, bindGauge, bindHistogram, bindUpDownCounter } from './instrument/bind.ts';
export type {
  Bindable,
  BindableCounter,
  BindableGauge,
  BindableHistogram,
  BindableUpDownCounter,
  BoundCounter,
  BoundGauge,
  BoundHistogram,
  BoundUpDownCounter,
} from './instrument/bound.ts';
