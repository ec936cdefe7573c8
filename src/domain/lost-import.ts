/** An import that another process works on now, or that was cancelled: whoever worked on it stops. */
export class LostImport extends Error {
  readonly code = 'import_lost';
}

/** People of a batch were erased while their rows waited: the batch is taken anew without them. */
export class ErasedRows extends Error {
  readonly code = 'rows_erased';
  readonly tokens: ReadonlySet<string>;

  constructor(tokens: ReadonlySet<string>) {
    super('people of a batch were erased');
    this.tokens = tokens;
  }
}
