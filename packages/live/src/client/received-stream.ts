/**
 * What a client knows of one stream of its connection: one object and not an entry in each of two maps, since a frame that comes after
 * a pause pays for each place in memory that it touches (`npm run bench:live`, 100 subscribers).
 */
export class ReceivedStream {
  readonly number: number;
  /** Of its last frame; undefined before the first one. */
  sequence: number | undefined = undefined;
  /** It has frames that the next acknowledgement is to tell of. */
  isUnacked: boolean = false;

  constructor(number: number) {
    this.number = number;
  }
}
