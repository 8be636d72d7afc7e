/** In which format a module is spoken to, where it says so itself. */
import type { Format, ModuleDefinition, Route } from '@n2o/shared';

/** What a module wants holds for its clients; server code and the HTTP port have forms of their own. */
export function formatOf({ origin }: Route, { formatter }: ModuleDefinition): Format | undefined {
  return origin === undefined ? formatter : undefined;
}
