import { cComment } from '../c-text';
import type { EmittedModel, SourceFile } from '../emit';
import type { Program } from '../program';
import { arduino } from './arduino';
import { cmakeFile } from './cmake';
import { espIdf } from './esp-idf';
import type { Layout } from './layout';
import { platformio } from './platformio';
import { zephyr } from './zephyr';

const plain: Layout = { id: 'plain', title: 'Plain folder with CMake', files: (packaged) => [cmakeFile(packaged)] };

/** Every way to package the sources; several can share one folder. */
export const layouts: readonly Layout[] = [plain, arduino, platformio, espIdf, zephyr];

/** Files of a package for all given layouts. Sources lie beside CMakeLists.txt in a plain folder, in `src` for libraries. */
export function packageSources(program: Program, emitted: EmittedModel, chosen: readonly Layout[]): SourceFile[] {
  const sources = chosen.every((layout) => layout === plain) ? '' : 'src';
  const packaged = { program, emitted, sources, summary: summaryOf(program) };
  const files = [...emitted.files.map((file) => ({ ...file, path: sources ? `${sources}/${file.path}` : file.path })), ...chosen.flatMap((layout) => layout.files(packaged))];
  return [...new Map(files.map((file) => [file.path, file])).values()];
}

/** Safe in properties, JSON, YAML, Kconfig and comments. */
const summaryOf = ({ model, arenaBytes, steps }: Program): string =>
  `${cComment(model.name).replace(/[^\w .()+-]/g, '_').trim()} as C, ${steps.length} layers, ${arenaBytes} bytes of RAM`;
