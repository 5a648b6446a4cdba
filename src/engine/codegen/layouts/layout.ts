import type { EmittedModel, SourceFile } from '../emit';
import type { Program } from '../program';

/** What a package says of a model. */
export interface Packaged {
  readonly program: Program;
  readonly emitted: EmittedModel;
  /** Folder of the sources inside of the package, '' for the package itself. */
  readonly sources: string;
  /** One line, plain ASCII. */
  readonly summary: string;
}

/** A way to package the sources: the files besides them. Layouts that share a folder may share files, which are then equal. */
export interface Layout {
  readonly id: 'plain' | 'arduino' | 'platformio' | 'esp-idf' | 'zephyr';
  readonly title: string;
  files(packaged: Packaged): readonly SourceFile[];
}

/** Version of every package: that of the generated interface. */
export const PACKAGE_VERSION = '1.0.0';

/** Paths of what has to be compiled, relative to the package. */
export const compiled = ({ emitted, sources }: Packaged): string[] => emitted.files.filter((file) => file.path.endsWith('.c')).map((file) => `${sources ? `${sources}/` : ''}${file.path}`);
