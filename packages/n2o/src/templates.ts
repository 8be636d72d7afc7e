/** Django-style templates that lie in a folder of the application. */
import { readFileSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { createTemplates, type Templates } from '@n2o/nitro/templates';

/**
 * Templates by their names in a folder, as `const { dtl } = templatesIn(import.meta.dirname)`; none
 * outside of it can be named. Each is read once; a reload of the modules reads it anew.
 */
export function templatesIn(folder: string): Templates {
  const root = resolve(folder) + sep;
  return createTemplates({
    read(name) {
      const file = join(root, name);
      if (!file.startsWith(root)) return undefined;
      try {
        return readFileSync(file, 'utf8');
      } catch {
        return undefined;
      }
    },
  });
}
