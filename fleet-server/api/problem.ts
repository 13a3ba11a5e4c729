/** Errors of the API as RFC 9457 problem details. */
import type { ServerResponse } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Problem } from '@junkai/contracts';
import type { z } from 'zod';

/** Ends a request with a problem; not an error of the server. */
export class ProblemError extends Error {
	override readonly name = 'ProblemError';
	readonly status: number;
	readonly errors: Problem['errors'];
	readonly headers: Readonly<Record<string, string>>;

	constructor(
		status: number,
		detail: string,
		{ errors, headers = {}, cause }: { errors?: Problem['errors']; headers?: Record<string, string>; cause?: unknown } = {},
	) {
		super(detail, { cause });
		this.status = status;
		this.errors = errors;
		this.headers = headers;
	}
}

/** 400 that names each field in fault. `place` is "query", "body" or "path". */
export function invalid(place: string, error: z.ZodError): ProblemError {
	const errors = error.issues
		.slice(0, 20)
		.map((issue) => ({ field: [...issue.path].map(String).join('.') || place, message: issue.message }));
	return new ProblemError(400, `The ${place} breaks its schema.`, { errors });
}

/** Writes a problem; does nothing when the answer has begun. */
export function sendProblem(
	response: ServerResponse,
	status: number,
	detail: string,
	instance: string,
	extra: ProblemExtra = {},
): void {
	if (response.headersSent) {
		response.destroy();
		return;
	}
	const body: Problem = {
		type: 'about:blank',
		title: STATUS_CODES[status] ?? 'Error',
		status,
		detail,
		instance,
		...(extra.errors && { errors: extra.errors }),
		...(extra.current !== undefined && { current: extra.current }),
	};
	response.writeHead(status, { ...extra.headers, 'content-type': 'application/problem+json', 'cache-control': 'no-store' });
	response.end(JSON.stringify(body));
}
export interface ProblemExtra {
	errors?: Problem['errors'];
	/** What a record is now, whose change was refused. */
	current?: unknown;
	headers?: Readonly<Record<string, string>>;
}
