/** REST as a signed-in user sees it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { positionPage, problem, role, vehicleList, type Role, type StoredPosition, type Vehicle } from '@junkai/contracts';

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

	async vehicles(): Promise<Vehicle[]> {
		return vehicleList.parse(await this.get('/vehicles'));
	}

	/** All positions of a vehicle in a period, page by page. */
	async positions(vehicle: string, from: number, to: number): Promise<StoredPosition[]> {
		const all: StoredPosition[] = [];
		let after: string | null = null;
		do {
			const query = new URLSearchParams({
				from: String(from),
				to: String(to),
				limit: '5000',
				...(after === null ? {} : { after }),
			});
			const page = positionPage.parse(await this.get(`/vehicles/${vehicle}/positions?${query.toString()}`));
			all.push(...page.items);
			after = page.next;
		} while (after !== null);
		return all;
	}
}
