/** What the commands share: logging, stopping, and how a failure is told. */
import { InvalidArgumentError } from 'commander';
import pino, { type Logger } from 'pino';

/** JSON lines on stderr: stdout belongs to what the command prints. */
export function makeLogger(name: string, level: string): Logger {
	return pino({ name, level, base: { name } }, pino.destination({ fd: 2, sync: true }));
}

/** Tells why a command failed, in one line, and ends with code 1. Errors with a `code` are ours: their text is enough. */
export function fail(error: unknown): never {
	const expected = error instanceof Error && 'code' in error;
	console.error(expected ? `junkai: ${error.message}` : error);
	process.exit(1);
}

/** A failure that a user can mend: its text is all that is shown. */
export class CliError extends Error {
	override readonly name = 'CliError';
	readonly code = 'cli';
}

/** A part that the demo started ends with it, even when the demo was killed. */
export function childOfDemo(): void {
	process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
}

/** A terminal and a supervisor may both hand on one Ctrl-C: what comes within this time is the same order, ms. */
const SAME_ORDER = 1000;

/** Runs `stop` at the first SIGINT or SIGTERM and ends with code 0; a second order, a second later, ends at once. */
export function stopOnSignal(stop: () => Promise<void>): void {
	let ordered = 0;
	const onSignal = (): void => {
		const now = performance.now();
		if (ordered > 0 && now - ordered > SAME_ORDER) process.exit(130);
		if (ordered > 0) return;
		ordered = now;
		stop().then(() => process.exit(0), fail);
	};
	process.on('SIGINT', onSignal);
	process.on('SIGTERM', onSignal);
}

/** Parser of a whole number within bounds, for an option. */
export function whole(from: number, to: number): (text: string) => number {
	return (text) => {
		const value = Number(text);
		if (!Number.isInteger(value) || value < from || value > to)
			throw new InvalidArgumentError(`a whole number from ${from} to ${to} is expected.`);
		return value;
	};
}

/** Parser of a number within bounds, for an option. */
export function number(from: number, to: number): (text: string) => number {
	return (text) => {
		const value = Number(text);
		if (text.trim() === '' || !(value >= from && value <= to))
			throw new InvalidArgumentError(`a number from ${from} to ${to} is expected.`);
		return value;
	};
}
