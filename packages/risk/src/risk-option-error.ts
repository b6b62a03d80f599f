/** Thrown for an option or returns that cannot be used; recording never throws. */
export class RiskOptionError extends RangeError {
  readonly code = 'RISK_OPTION_INVALID';

  constructor(message: string) {
    super(message);
    this.name = 'RiskOptionError';
  }
}
