/**
 * Asks an OSRM server (https://project-osrm.org/docs/v5.24.0/api/): one GET a question, checked answers, retries within a deadline.
 * Each request has a connection of its own: on a kept-alive one OSRM's answers wait 40 ms for an acknowledgement.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { messageOf } from '../errors.ts';
import { RoadsError } from './roads-error.ts';

export interface OsrmClientOptions {
	/** Such as `http://127.0.0.1:5000`. */
	readonly url: string;
	/** From the question to the answer, retries included, ms. */
	readonly deadline: number;
}

/** An error of OSRM's own, with the place that it names. */
export class OsrmRefusal extends RoadsError {
	/** OSRM's code: `NoRoute`, `NoSegment`, `TooBig` … */
	readonly refusal: string;
	/** Index of the coordinate that `NoSegment` names. */
	readonly coordinate: number | null;

	constructor(refusal: string, text: string) {
		super(faults[refusal] ?? 'answer', `OSRM: ${refusal}${text === '' ? '' : `: ${text}`}`);
		this.refusal = refusal;
		const named = /coordinate (\d+)/.exec(text)?.[1];
		this.coordinate = named === undefined ? null : Number(named);
	}
}

const faults: Readonly<Record<string, RoadsError['fault']>> = {
	NoSegment: 'off-road',
	NoRoute: 'no-route',
	NoTable: 'no-route',
	NoMatch: 'no-route',
	TooBig: 'too-big',
	InvalidQuery: 'invalid',
	InvalidOptions: 'invalid',
	InvalidValue: 'invalid',
	InvalidUrl: 'invalid',
	InvalidService: 'unsupported',
	NotImplemented: 'unsupported',
};

const head = z.object({ code: z.string(), message: z.string().optional() });

/** Pauses before the second and further attempts, ms. */
const PAUSES = [100, 300, 900] as const;
/** No answer is larger: a table of 100 places takes a quarter of a megabyte, a long route with steps a few. */
const MOST_BYTES = 64e6;

export class OsrmClient {
	readonly #options: OsrmClientOptions;

	constructor(options: OsrmClientOptions) {
		this.#options = options;
	}

	/**
	 * @param path after the server's address: service, version, profile, coordinates.
	 * @throws {OsrmRefusal} what OSRM refused; {@link RoadsError} `timeout`, `unavailable`, `answer` or `aborted`.
	 */
	async get<T extends z.ZodType>(
		path: string,
		query: Record<string, string>,
		schema: T,
		signal?: AbortSignal,
	): Promise<z.infer<T>> {
		const address = `${this.#options.url.replace(/\/+$/, '')}/${path}?${new URLSearchParams(query).toString().replaceAll('%3B', ';').replaceAll('%2C', ',')}`;
		const deadline = AbortSignal.timeout(this.#options.deadline);
		const both = signal ? AbortSignal.any([signal, deadline]) : deadline;
		for (let attempt = 0; ; attempt++) {
			try {
				return read(await fetchOnce(address, both), schema);
			} catch (error) {
				if (signal?.aborted) throw new RoadsError('aborted', 'the request was given up', { cause: error });
				if (deadline.aborted) {
					throw new RoadsError('timeout', `OSRM did not answer within ${this.#options.deadline / 1000} s`, { cause: error });
				}
				const again = error instanceof RoadsError && error.fault === 'unavailable' && attempt < PAUSES.length;
				if (!again) throw error;
				await wait(PAUSES[attempt], undefined, { signal: both }).catch(() => {});
			}
		}
	}
}

async function fetchOnce(address: string, signal: AbortSignal): Promise<{ status: number; text: string }> {
	let response: Response;
	let text = '';
	try {
		response = await fetch(address, { headers: { connection: 'close', accept: 'application/json' }, signal, redirect: 'error' });
		const decoder = new TextDecoder();
		for await (const chunk of response.body ?? []) {
			text += decoder.decode(chunk, { stream: true });
			if (text.length > MOST_BYTES) throw new RoadsError('answer', `OSRM's answer is longer than ${MOST_BYTES / 1e6} MB`);
		}
	} catch (cause) {
		if (cause instanceof RoadsError) throw cause;
		const inner = cause instanceof Error && cause.cause instanceof Error ? `: ${cause.cause.message}` : '';
		throw new RoadsError('unavailable', `OSRM at ${new URL(address).origin} cannot be reached (${messageOf(cause)}${inner})`, {
			cause,
		});
	}
	if (response.status >= 500) throw new RoadsError('unavailable', `OSRM answered with status ${response.status}`);
	return { status: response.status, text };
}

function read<T extends z.ZodType>({ status, text }: { status: number; text: string }, schema: T): z.infer<T> {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch (cause) {
		throw new RoadsError(
			'answer',
			`OSRM answered with status ${status} and what is not JSON; is OSRM_URL the address of an OSRM server?`,
			{
				cause,
			},
		);
	}
	const first = head.safeParse(value);
	if (!first.success)
		throw new RoadsError('answer', `OSRM answered with status ${status} and no code; is OSRM_URL the address of an OSRM server?`);
	if (first.data.code !== 'Ok') throw new OsrmRefusal(first.data.code, first.data.message ?? '');
	const parsed = schema.safeParse(value);
	if (parsed.success) return parsed.data;
	const [issue] = parsed.error.issues;
	throw new RoadsError('answer', `OSRM's answer is not understood: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
}
