import type { ExportKind } from '../../src/messages/inspector';
import type { Model } from './use-model';

/** Pixels of the image per unit of the drawing: enough for print at 300 dots per inch. */
const DENSITY = 3;

/** Saves something through the host; a PNG is drawn here, where there is a canvas. */
export async function savePicture(client: Model['client'], what: ExportKind): Promise<void> {
  const picture = what === 'png' ? await client.request('picture', null) : undefined;
  // Empty: the host has said why there is none.
  if (picture !== '') await client.request('save', { what, png: picture && (await rasterized(picture)) });
}

/** An SVG as PNG, in base64. */
async function rasterized(svg: string): Promise<string> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.naturalWidth * DENSITY;
    canvas.height = image.naturalHeight * DENSITY;
    canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
    return canvas.toDataURL('image/png').replace(/^data:image\/png;base64,/, '');
  } finally {
    URL.revokeObjectURL(url);
  }
}
