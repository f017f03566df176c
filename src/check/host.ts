/** How the checker gets at files: by this interface alone, so that it runs wherever text can be had. */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { SourceFile } from "../source/source.js";

export type ReadResult =
  | { readonly file: SourceFile; readonly problem?: undefined }
  /** A diagnostic without a span: the checker puts it at the import, where there is one. */
  | { readonly file?: undefined; readonly problem: Diagnostic };

export interface SourceHost {
  /**
   * The path that an import means: `std/…` is what ships with the compiler, anything else is relative
   * to the importing file. `.resnet` may be left out.
   */
  resolve(specifier: string, importer: string): string;
  read(path: string): ReadResult;
  /** The absolute path of data that a recipe in the file `from` names. */
  locate(path: string, from: string): string;
}
