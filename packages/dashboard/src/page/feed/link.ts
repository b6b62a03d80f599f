/** State of the connection to the bridge, for display. */
export interface Link {
  readonly phase: 'connecting' | 'open' | 'lost' | 'refused';
  /** What is known beyond the phase, in words for the reader. */
  readonly detail: string;
  /** Frames the server merged because this page was slow. */
  readonly conflated: number;
}
