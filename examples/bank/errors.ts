/** A refusal that the client is told about: an HTTP status and a code that programs can read. */
export class BankError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = 'BankError';
    this.status = status;
    this.code = code;
  }
}
