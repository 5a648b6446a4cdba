import fs from 'node:fs';
import path from 'node:path';
import { directEngine } from '../../src/app/engine-direct';
import { programPath } from '../../src/app/programs';
import type { EngineRequests, RunDeps } from '../../src/app/run-contract';

/** What a fault does to the text of a generated file; undefined leaves the file alone. */
export type Plant = (file: string, text: string) => string | undefined;

/** The engine, but what it generates is changed before it is built: a board that was flashed with something else. */
export function plantedEngine(plant: Plant): EngineRequests {
  const engine = directEngine();
  return {
    request: async (method, params, options) => {
      const result = await engine.request(method, params, options);
      if (method !== 'generate') return result;
      const { directory, files } = result as { readonly directory: string; readonly files: readonly { readonly path: string }[] };
      let planted = 0;
      for (const { path: file } of files) {
        const place = path.join(directory, file);
        const text = fs.readFileSync(place, 'utf8');
        const changed = plant(file, text);
        if (changed === undefined || changed === text) continue;
        fs.writeFileSync(place, changed);
        planted++;
      }
      if (planted === 0) throw new Error('The fault was planted nowhere');
      return result;
    },
  };
}

export const runDeps = (buildRoot: string, engine: EngineRequests = directEngine()): RunDeps => ({
  engine, buildRoot, env: process.env,
  programs: { avrSimulator: programPath('avr-simulator'), rp2040Simulator: programPath('rp2040-simulator') },
});
