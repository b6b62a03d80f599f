/** What a scene shows: values row after row, in the order to stand in. */
export interface SceneInput {
  readonly count: number;
  readonly values: Float32Array;
}

const VERTEX = `#version 300 es
in vec3 corner;
in vec3 normal;
in float value;
uniform mat4 camera;
uniform int count;
out vec3 tint;
const vec3 against = vec3(0.902, 0.624, 0.0);
const vec3 along = vec3(0.337, 0.706, 0.914);
const vec3 none = vec3(0.16, 0.21, 0.27);
void main() {
  float row = float(gl_InstanceID / count);
  float column = float(gl_InstanceID % count);
  float size = 2.0 / float(count);
  float height = value * 0.7;
  vec3 at = vec3(
    -1.0 + (column + 0.5 + corner.x * 0.42) * size,
    corner.y * height,
    -1.0 + (row + 0.5 + corner.z * 0.42) * size
  );
  float light = 0.62 + 0.38 * max(0.0, dot(normal * vec3(1.0, sign(value), 1.0), normalize(vec3(0.4, 0.8, 0.5))));
  tint = mix(none, value < 0.0 ? against : along, min(1.0, abs(value))) * light;
  gl_Position = camera * vec4(at, 1.0);
}`;
const FRAGMENT = `#version 300 es
precision mediump float;
in vec3 tint;
out vec4 color;
void main() {
  color = vec4(tint, 1.0);
}`;

/** A box from the floor to 1: two triangles a side, each corner with the normal of its side. */
function box(): Float32Array<ArrayBuffer> {
  const sides: readonly (readonly [normal: readonly number[], corners: readonly (readonly number[])[]])[] = [
    [
      [0, 1, 0],
      [
        [-1, 1, -1],
        [-1, 1, 1],
        [1, 1, 1],
        [1, 1, -1],
      ],
    ],
    [
      [1, 0, 0],
      [
        [1, 0, -1],
        [1, 1, -1],
        [1, 1, 1],
        [1, 0, 1],
      ],
    ],
    [
      [-1, 0, 0],
      [
        [-1, 0, -1],
        [-1, 0, 1],
        [-1, 1, 1],
        [-1, 1, -1],
      ],
    ],
    [
      [0, 0, 1],
      [
        [-1, 0, 1],
        [1, 0, 1],
        [1, 1, 1],
        [-1, 1, 1],
      ],
    ],
    [
      [0, 0, -1],
      [
        [-1, 0, -1],
        [-1, 1, -1],
        [1, 1, -1],
        [1, 0, -1],
      ],
    ],
  ];
  const data: number[] = [];
  for (const [normal, corners] of sides) {
    for (const index of [0, 1, 2, 0, 2, 3]) data.push(...(corners[index] as readonly number[]), ...normal);
  }
  return new Float32Array(data);
}

const BOX_VERTICES = 30;

/** Correlations as bars in three dimensions: one instanced draw, turned by dragging. */
export class CorrelationScene {
  readonly canvas: HTMLCanvasElement;
  readonly #gl: WebGL2RenderingContext;
  readonly #camera: WebGLUniformLocation | null;
  readonly #countAt: WebGLUniformLocation | null;
  readonly #values: WebGLBuffer;
  #count = 0;
  #turn = 0.7;
  #tilt = 0.75;
  #distance = 3.6;

  /** @throws Error when the browser offers no WebGL 2 or its compiler refuses. */
  constructor(canvas: HTMLCanvasElement, onMove: () => void) {
    this.canvas = canvas;
    const gl = canvas.getContext('webgl2', { antialias: true, alpha: true, powerPreference: 'low-power' });
    if (gl === null) throw new Error('this browser offers no WebGL 2');
    this.#gl = gl;
    const program = gl.createProgram();
    for (const [type, source] of [
      [gl.VERTEX_SHADER, VERTEX],
      [gl.FRAGMENT_SHADER, FRAGMENT],
    ] as const) {
      const shader = gl.createShader(type);
      if (shader === null) throw new Error('the WebGL context is lost');
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      if (gl.getShaderParameter(shader, gl.COMPILE_STATUS) !== true) {
        throw new Error(`shader: ${gl.getShaderInfoLog(shader) ?? 'unknown'}`);
      }
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    if (gl.getProgramParameter(program, gl.LINK_STATUS) !== true) {
      throw new Error(`program: ${gl.getProgramInfoLog(program) ?? 'unknown'}`);
    }
    gl.useProgram(program);
    this.#camera = gl.getUniformLocation(program, 'camera');
    this.#countAt = gl.getUniformLocation(program, 'count');
    gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
    gl.bufferData(gl.ARRAY_BUFFER, box(), gl.STATIC_DRAW);
    for (const [name, offset] of [
      ['corner', 0],
      ['normal', 12],
    ] as const) {
      const at = gl.getAttribLocation(program, name);
      gl.enableVertexAttribArray(at);
      gl.vertexAttribPointer(at, 3, gl.FLOAT, false, 24, offset);
    }
    this.#values = gl.createBuffer();
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#values);
    const value = gl.getAttribLocation(program, 'value');
    gl.enableVertexAttribArray(value);
    gl.vertexAttribPointer(value, 1, gl.FLOAT, false, 4, 0);
    gl.vertexAttribDivisor(value, 1);
    gl.enable(gl.DEPTH_TEST);
    this.#bindPointer(onMove);
  }

  /** Takes new values over; the next draw shows them. */
  set({ count, values }: SceneInput): void {
    const gl = this.#gl;
    this.#count = count;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#values);
    gl.bufferData(gl.ARRAY_BUFFER, values as Float32Array<ArrayBuffer>, gl.DYNAMIC_DRAW);
  }

  draw(): void {
    const gl = this.#gl;
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    const width = Math.max(1, Math.round(this.canvas.clientWidth * ratio));
    const height = Math.max(1, Math.round(this.canvas.clientHeight * ratio));
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
    }
    gl.viewport(0, 0, width, height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    if (this.#count === 0) return;
    gl.uniformMatrix4fv(this.#camera, false, this.#matrix(width / height));
    gl.uniform1i(this.#countAt, this.#count);
    gl.drawArraysInstanced(gl.TRIANGLES, 0, BOX_VERTICES, this.#count * this.#count);
  }

  /** Perspective × distance × tilt × turn, column after column. */
  #matrix(aspect: number): Float32Array<ArrayBuffer> {
    const near = 0.5;
    const far = 12;
    const zoom = 1.9 * Math.min(1, aspect);
    const [sinTurn, cosTurn] = [Math.sin(this.#turn), Math.cos(this.#turn)];
    const [sinTilt, cosTilt] = [Math.sin(this.#tilt), Math.cos(this.#tilt)];
    const scale = (near + far) / (near - far);
    const rows = [
      [cosTurn, sinTilt * sinTurn, -cosTilt * sinTurn],
      [0, cosTilt, sinTilt],
      [sinTurn, -sinTilt * cosTurn, cosTilt * cosTurn],
    ] as const;
    const matrix = new Float32Array(16);
    rows.forEach(([x, y, z], column) => {
      matrix.set([(x * zoom) / aspect, y * zoom, z * scale, -z], column * 4);
    });
    const offset = (2 * near * far) / (near - far);
    matrix.set([0, 0, -this.#distance * scale + offset, this.#distance], 12);
    return matrix;
  }

  #bindPointer(onMove: () => void): void {
    const fingers = new Map<number, { x: number; y: number }>();
    const { canvas } = this;
    canvas.addEventListener('pointerdown', (event) => {
      canvas.setPointerCapture(event.pointerId);
      fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    });
    canvas.addEventListener('pointermove', (event) => {
      const last = fingers.get(event.pointerId);
      if (last === undefined) return;
      const before = spread(fingers);
      const [dx, dy] = [event.clientX - last.x, event.clientY - last.y];
      fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      const after = spread(fingers);
      if (fingers.size === 1) this.#orbit(dx * 0.01, dy * 0.01);
      else if (before > 0 && after > 0) this.#zoom(before / after);
      onMove();
    });
    for (const type of ['pointerup', 'pointercancel'] as const) {
      canvas.addEventListener(type, (event) => fingers.delete(event.pointerId));
    }
    canvas.tabIndex = 0;
    canvas.addEventListener('keydown', (event) => {
      const step = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, 0.1], ArrowDown: [0, -0.1] }[event.key];
      if (step !== undefined) this.#orbit(step[0] as number, step[1] as number);
      else if (event.key === '+') this.#zoom(0.9);
      else if (event.key === '-') this.#zoom(1.1);
      else return;
      event.preventDefault();
      onMove();
    });
  }

  #orbit(turn: number, tilt: number): void {
    this.#turn += turn;
    this.#tilt = Math.max(0.1, Math.min(1.5, this.#tilt + tilt));
  }

  #zoom(factor: number): void {
    this.#distance = Math.max(2, Math.min(8, this.#distance * factor));
  }
}

function spread(fingers: ReadonlyMap<number, { readonly x: number; readonly y: number }>): number {
  const [first, second] = [...fingers.values()];
  return first === undefined || second === undefined ? 0 : Math.hypot(first.x - second.x, first.y - second.y);
}
