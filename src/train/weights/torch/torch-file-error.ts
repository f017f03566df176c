/** What is wrong with the bytes of a file that should be PyTorch's. */
import { DamagedFileError } from "../../errors.js";

/** Bytes that are not what PyTorch writes, or not all of it. */
export class TorchFileError extends DamagedFileError {
  override readonly name: string = "TorchFileError";
}

/** Bytes that end before what they begin. */
export class CutShortError extends TorchFileError {
  override readonly name = "CutShortError";
}
