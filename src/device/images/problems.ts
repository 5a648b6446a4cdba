import type { Problem } from '../../base/problem';

export const otherProcessor = (path: string, found: string, board: string, wanted: string): Problem => ({
  code: 'TINYML-IMAGE-OTHER-CHIP',
  severity: 'error',
  title: `This image is for another chip: ${found}`,
  detail: `${board} takes ${wanted}. Nothing was erased.`,
  where: { path },
  fixes: [{ title: 'Choose the board that the image is for' }, { title: 'Build the image for this board' }],
});

export const noVectors = (path: string, board: string, address: number): Problem => ({
  code: 'TINYML-IMAGE-NO-VECTORS',
  severity: 'error',
  title: `This image would not start on ${board}`,
  detail: `At 0x${address.toString(16)} there should be its stack and its start, as on every Cortex-M; what is there lies outside of its memories. Nothing was erased.`,
  where: { path },
  fixes: [{ title: 'Choose the board that the image is for' }, { title: 'For a plain .bin file, give the address it belongs at' }],
});

export const notRunnable = (board: string, format: string, wanted: string): Problem => ({
  code: 'TINYML-IMAGE-FORMAT',
  severity: 'error',
  title: `${board} cannot take a .${format} image: it runs a ${wanted}`,
  fixes: [{ title: `Give it the ${wanted} of the same build` }, { title: 'Choose another board' }],
});
