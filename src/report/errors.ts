/** A page or a report of a run that cannot be had, said with what to do about it. */
export class ReportError extends Error {
  override readonly name = "ReportError";
  constructor(
    message: string,
    readonly help: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
