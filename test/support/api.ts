/** REST as a signed-in user sees it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import {
	positionPage,
	problem,
	role,
	vehicleList,
	waveformPage,
	type Role,
	type StoredPosition,
	type StoredWaveform,
	type Vehicle,
} from '@junkai/contracts';

const demoUsers = z.array(z.object({ username: z.string(), password: z.string(), role }));

export type DemoUser = z.infer<typeof demoUsers>[number];

export function demoUser(dataDir: string, wanted: Role): DemoUser {
	const user = demoUsers
		.parse(JSON.parse(readFileSync(join(dataDir, 'demo-users.json'), 'utf8')))
		.find((one) => one.role === wanted);
	if (user === undefined) throw new Error(`no demo user is a ${wanted}`);
	return user;
}

export class Api {
	readonly #base: string;
	readonly #cookie: string;

	private constructor(base: string, cookie: string) {
		this.#base = base;
		this.#cookie = cookie;
	}

	static async signIn(httpPort: number, user: DemoUser): Promise<Api> {
		const base = `http://127.0.0.1:${httpPort}/api/v1`;
		const answer = await fetch(`${base}/session`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ username: user.username, password: user.password }),
		});
		if (!answer.ok) throw new Error(`sign-in: ${answer.status} ${await answer.text()}`);
		const cookie = answer.headers.getSetCookie()[0]?.split(';')[0];
		if (cookie === undefined) throw new Error('sign-in set no cookie');
		return new Api(base, cookie);
	}

	get cookie(): string {
		return this.#cookie;
	}

	async get(path: string): Promise<unknown> {
		const answer = await fetch(`${this.#base}${path}`, { headers: { cookie: this.#cookie } });
		const body: unknown = await answer.json();
		if (!answer.ok) throw new Error(`${path}: ${problem.parse(body).detail ?? answer.status}`);
		return body;
	}

	/** Sends a body and gives the answer; throws with status and detail when it is refused. */
	async send(method: 'POST' | 'PUT' | 'DELETE', path: string, sent?: unknown): Promise<unknown> {
		const answer = await fetch(`${this.#base}${path}`, {
			method,
			headers: { cookie: this.#cookie, ...(sent !== undefined && { 'content-type': 'application/json' }) },
			...(sent !== undefined && { body: JSON.stringify(sent) }),
		});
		const body: unknown = await answer.json().catch(() => undefined);
		if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${problem.safeParse(body).data?.detail ?? ''}`);
		return body;
	}

	async vehicles(): Promise<Vehicle[]> {
		return vehicleList.parse(await this.get('/vehicles'));
	}

	/** All positions of a vehicle in a period. */
	positions(vehicle: string, from: number, to: number): Promise<StoredPosition[]> {
		return this.#pages(`/vehicles/${vehicle}/positions`, positionPage, from, to);
	}

	/** All waveform blocks of a vehicle that begin in a period. */
	waveforms(vehicle: string, from: number, to: number): Promise<StoredWaveform[]> {
		return this.#pages(`/vehicles/${vehicle}/waveforms`, waveformPage, from, to);
	}

	async #pages<T>(path: string, schema: z.ZodType<{ items: T[]; next: string | null }>, from: number, to: number): Promise<T[]> {
		const all: T[] = [];
		let after: string | null = null;
		do {
			const query = new URLSearchParams({
				from: String(from),
				to: String(to),
				limit: '5000',
				...(after === null ? {} : { after }),
			});
			const page = schema.parse(await this.get(`${path}?${query.toString()}`));
			all.push(...page.items);
			after = page.next;
		} while (after !== null);
		return all;
	}
}
