/** An image as numbers from 0 to 255, rows from the top, channels last. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** 1: grey; 3: red, green, blue. */
  readonly channels: 1 | 3;
  readonly data: Float32Array;
}

/** Larger images are a mistake, or made to fill the memory. */
export const MOST_PIXELS = 2 ** 26;

/** Grey where every pixel is; so that an image is the same however its file stores it. */
export function pictureOf(width: number, height: number, rgb: Float32Array): Picture {
  for (let i = 0; i < rgb.length; i += 3) if (rgb[i] !== rgb[i + 1] || rgb[i] !== rgb[i + 2]) return { width, height, channels: 3, data: rgb };
  return { width, height, channels: 1, data: rgb.filter((_, i) => i % 3 === 0) };
}

/** With so many channels: grey by the weights of ITU-R BT.601, colour from grey by repeating it. */
export function withChannels(picture: Picture, channels: 1 | 3): Picture {
  const { data, width, height } = picture;
  if (picture.channels === channels) return picture;
  const pixels = width * height;
  if (channels === 3) return { ...picture, channels, data: Float32Array.from({ length: pixels * 3 }, (_, i) => data[Math.floor(i / 3)]) };
  return { ...picture, channels, data: Float32Array.from({ length: pixels }, (_, i) => 0.299 * data[3 * i] + 0.587 * data[3 * i + 1] + 0.114 * data[3 * i + 2]) };
}
