const KEY = 'nanometer.sound';
const AGAIN_AFTER_MS = 10_000;

/** Two short tones for a critical alert nobody deals with yet; a browser lets them sound after the first key or click. */
export class Chime {
  #context: AudioContext | undefined;
  #lastMs = -Infinity;
  #on: boolean = read() !== 'off';

  constructor() {
    const unlock = (): void => {
      this.#context ??= new AudioContext();
      void this.#context.resume();
    };
    for (const event of ['pointerdown', 'keydown']) document.addEventListener(event, unlock, { once: true });
  }

  get on(): boolean {
    return this.#on;
  }

  /** Whether the browser will let it be heard. */
  get audible(): boolean {
    return this.#on && this.#context?.state === 'running';
  }

  toggle(): void {
    this.#on = !this.#on;
    try {
      localStorage.setItem(KEY, this.#on ? 'on' : 'off');
    } catch {
      // Private windows keep nothing; the choice holds until the page is closed.
    }
  }

  /** Sounds, but no more than every ten seconds. */
  ring(nowMs: number): void {
    if (!this.audible || this.#context === undefined || Math.abs(nowMs - this.#lastMs) < AGAIN_AFTER_MS) return;
    this.#lastMs = nowMs;
    const start = this.#context.currentTime;
    for (const [index, hertz] of [880, 660].entries()) {
      const tone = new OscillatorNode(this.#context, { frequency: hertz });
      const gain = new GainNode(this.#context, { gain: 0.08 });
      tone.connect(gain).connect(this.#context.destination);
      tone.start(start + index * 0.18);
      tone.stop(start + index * 0.18 + 0.14);
    }
  }
}

function read(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
