import { DomainError } from '@libs/kernel';

/** PostgreSQL is away, overloaded, or lost a race that another try may win; nothing is wrong with the input. */
export class DatabaseUnavailable extends DomainError {
  readonly code = 'database_unavailable';
  readonly kind = 'unavailable';
  override readonly retryAfter = 1;

  constructor(override readonly cause: unknown) {
    super('The database is not available at the moment; try again.');
  }
}

// Classes 08 (connection), 53 (resources); serialization, deadlock, lock wait, statement and idle timeouts; shutdowns;
// 25006: a failover made this server a standby.
const TRANSIENT_STATE = /^(08...|53...|40001|40P01|55P03|57014|25P03|25006|57P0[1-5])$/;
// A missing table, column, right or login, a fault of the server itself.
const SETUP_STATE = /^(0A|28|3D|3F|42|58|XX)...$/;
const DATA_STATE = /^2[23]...$/;
const TRANSIENT_SYSTEM =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|EMFILE|ENFILE|ENOTFOUND|EAI_AGAIN)$/;
// What pg and pg-pool say without any code.
const TRANSIENT_MESSAGE =
  /timeout exceeded when trying to connect|timeout expired|Query read timeout|Connection terminated|connection error and is not queryable|after calling end on the pool|Client was closed/;

/** A unique key stopped the write (23505). */
export function isUniqueViolation(error: unknown): boolean {
  return codeOf(error) === '23505';
}

/** Worth another try as it is: the connection, the server or a race failed, not the data. */
export function isTransient(error: unknown): boolean {
  if (error instanceof DatabaseUnavailable) return true;
  const code = codeOf(error);
  if (code !== undefined) return TRANSIENT_STATE.test(code) || TRANSIENT_SYSTEM.test(code);
  return error instanceof Error && TRANSIENT_MESSAGE.test(error.message);
}

/** The data itself is refused (classes 22 and 23): trying again as it is will never help. */
export function isDataFault(error: unknown): boolean {
  const code = codeOf(error);
  return code !== undefined && DATA_STATE.test(code);
}

/** The database is not as this program expects it: any row would fail, and none is to blame. Somebody must mend it. */
export function isSetupFault(error: unknown): boolean {
  const code = codeOf(error);
  return code !== undefined && SETUP_STATE.test(code);
}

/** The server takes no writes: it became a standby, and only a new connection finds the one that does. */
export function isReadOnly(error: unknown): boolean {
  return codeOf(error instanceof DatabaseUnavailable ? error.cause : error) === '25006';
}

/** What the rest of the program sees: transient failures by one name, and no row's values among the properties. */
export function translated(error: unknown): unknown {
  const original = rootOf(error);
  if (isTransient(original)) {
    return original instanceof DatabaseUnavailable ? original : new DatabaseUnavailable(original);
  }
  if (original instanceof Error) {
    // PostgreSQL quotes the row in these; a logger that prints every property would print a customer's data.
    for (const property of ['detail', 'where', 'internalQuery']) {
      if (property in original) Object.defineProperty(original, property, { enumerable: false });
    }
  }
  return original;
}

function codeOf(error: unknown): string | undefined {
  const code = (rootOf(error) as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** TypeORM wraps what pg threw and hangs the parameters on it. */
function rootOf(error: unknown): unknown {
  return (error as { driverError?: unknown } | undefined)?.driverError ?? error;
}
