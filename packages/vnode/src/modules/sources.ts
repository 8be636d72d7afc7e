/** The source files of an application, and one way to say what is wrong with them. */
import { N2OError, reason } from '@n2o/shared';
import { cacheFolder } from './cache.ts';
import { Evaluator, type Namespace } from './evaluator.ts';
import { thrownPosition } from './position.ts';
import { Transformer } from './transformer.ts';

export interface SourcesOptions {
  /**
   * Packages that sources may import wherever they lie → absolute path of the file they get. Node
   * imports it when it is asked for, so that it is the very one that the host itself runs on.
   */
  readonly alias: Readonly<Record<string, string>>;
  /** Folder for transformed sources, `false` for none; by default one in the user's cache. */
  readonly cache?: string | false;
}

/** Source files as they were on disk when first asked for; make new ones to read them anew. */
export interface Sources {
  /**
   * Runs a file, given as an absolute path, and all that it imports; each file once.
   * @returns what it exports
   * @throws N2O_MODULE_LOAD: file, line, column as far as known, and reason, on one line
   */
  load(file: string): Promise<Namespace>;
  /** The same for what an import of `specifier` in `folder` would find. */
  import(specifier: string, folder: string): Promise<Namespace>;
}

/** Makes the sources of an application; nothing is read before it is asked for. */
export async function createSources(options: SourcesOptions): Promise<Sources> {
  const alias = new Map(Object.entries(options.alias));
  const evaluator = new Evaluator(new Transformer(options.cache ?? cacheFolder()), alias);
  const explained = async (running: Promise<Namespace>, place: string): Promise<Namespace> => {
    try {
      return await running;
    } catch (thrown) {
      if (thrown instanceof N2OError && thrown.code === 'N2O_MODULE_LOAD') throw thrown;
      const position = thrownPosition(thrown, evaluator.files) ?? place;
      const text = `${position}: ${reason(thrown).replace(/\s*\n\s*/g, ' ')}`;
      throw new N2OError('N2O_MODULE_LOAD', text, { cause: thrown });
    }
  };
  return {
    load: (file) => explained(evaluator.evaluate(file), file),
    import: (specifier, folder) => explained(evaluator.import(specifier, folder), specifier),
  };
}
