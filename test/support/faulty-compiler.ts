import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from './project';

/**
 * A folder with a C compiler that changes one weight of the second layer that has any before it compiles: firmware of other
 * sources, as a user gets it by a build that was not cleaned.
 */
export function faultyCompiler(): string {
  const folder = temporaryFolder('compiler');
  const real = execFileSync('sh', ['-c', 'command -v cc || command -v gcc']).toString().trim();
  const script = `#!/bin/sh
for file in "$@"; do
  case "$file" in
    *_weights.c) awk '/, weights \\*\\//{ n++ } /^  *-?[0-9]/ && n == 2 && !done { sub(/-?[0-9]+/, "77"); done = 1 } { print }' "$file" > "$file.faulty" && mv "$file.faulty" "$file" ;;
  esac
done
exec ${real} "$@"
`;
  fs.writeFileSync(path.join(folder, 'cc'), script, { mode: 0o755 });
  return folder;
}
