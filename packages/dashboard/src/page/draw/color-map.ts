/** 256 colours, each as one pixel of ImageData. */
export type ColorMap = Uint32Array;

type Rgb = readonly [red: number, green: number, blue: number];

// Even in lightness and told apart by every eye; dark is little, as the page is dark.
const SEQUENTIAL: readonly Rgb[] = [
  [18, 25, 34],
  [38, 52, 98],
  [42, 88, 130],
  [38, 130, 142],
  [53, 173, 127],
  [134, 208, 85],
  [248, 231, 90],
];
// Orange against, blue along, the ground in between: zero is nothing.
const DIVERGING: readonly Rgb[] = [
  [230, 159, 0],
  [140, 98, 18],
  [25, 34, 45],
  [48, 104, 140],
  [86, 180, 233],
];

function pixels(stops: readonly Rgb[]): ColorMap {
  const bytes = new Uint8ClampedArray(256 * 4);
  for (let index = 0; index < 256; index++) {
    const place = (index / 255) * (stops.length - 1);
    const low = stops[Math.floor(place)] as Rgb;
    const high = stops[Math.min(stops.length - 1, Math.floor(place) + 1)] as Rgb;
    const share = place - Math.floor(place);
    for (let channel = 0; channel < 3; channel++) {
      bytes[index * 4 + channel] = (low[channel] as number) * (1 - share) + (high[channel] as number) * share;
    }
    bytes[index * 4 + 3] = 255;
  }
  return new Uint32Array(bytes.buffer);
}

/** For magnitudes from 0 to 1. */
export const MAGNITUDE_MAP: ColorMap = pixels(SEQUENTIAL);
/** For −1 to 1 around zero. */
export const DIVERGING_MAP: ColorMap = pixels(DIVERGING);

/** Pixel of a share from 0 to 1; what is not a number is transparent. */
export function pixelOf(map: ColorMap, share: number): number {
  if (Number.isNaN(share)) return 0;
  return map[Math.max(0, Math.min(255, Math.round(share * 255)))] as number;
}
