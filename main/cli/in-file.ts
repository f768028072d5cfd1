// Bad input found by parts that know no files: the command line knows which file it came from, and says so.
import { InputFault } from '../../model/fault';

/** The fault with its file, in the place and in the sentence. Whatever else was thrown comes back as it is. */
export function inFile(file: string, error: unknown): unknown {
  if (!(error instanceof InputFault) || error.message.startsWith(file)) return error;
  return new InputFault(error.code, `${file}: ${error.message}`, { ...error.place, file: error.place.file ?? file });
}
