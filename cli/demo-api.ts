/** The API as one of the demonstration's users. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { problem, role, type Role } from '@junkai/contracts';
import { z } from 'zod';
import { CliError } from './shared.ts';

const userList = z.array(z.object({ username: z.string(), password: z.string(), role }));

/** The demonstration's users, from the data folder. @throws {CliError} when there are none */
export function demoUsers(dataDir: string): z.infer<typeof userList> {
	const file = join(dataDir, 'demo-users.json');
	try {
		return userList.parse(JSON.parse(readFileSync(file, 'utf8')));
	} catch (cause) {
		throw new CliError(`${file} cannot be used (${cause instanceof Error ? cause.message : String(cause)})`, { cause });
	}
}

/** The server understood and says no: the same again would be refused again. */
export class RefusedError extends CliError {}

export class DemoApi {
	readonly #base: string;
	readonly #cookie: string;

	private constructor(base: string, cookie: string) {
		this.#base = base;
		this.#cookie = cookie;
	}

	/** Signs in as the demo user of a role. @throws {CliError} when the server refuses or there is no such user. */
	static async signIn(server: string, dataDir: string, wanted: Role): Promise<DemoApi> {
		const user = demoUsers(dataDir).find((one) => one.role === wanted);
		if (!user) throw new CliError(`${dataDir} has no demo user who is a ${wanted}`);
		const base = `${server}/api/v1`;
		const answer = await fetch(`${base}/session`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ username: user.username, password: user.password }),
		});
		const cookie = answer.headers.getSetCookie()[0]?.split(';')[0];
		if (!answer.ok || cookie === undefined)
			throw new CliError(`${server} does not let the demo's ${wanted} sign in (${answer.status})`);
		return new DemoApi(base, cookie);
	}

	/** @throws {CliError} when it is refused, or the answer is not what the contract says */
	async get<T extends z.ZodType>(path: string, schema: T): Promise<z.infer<T>> {
		return schema.parse(await this.#call('GET', path, undefined));
	}

	/** @throws {CliError} as `get`. */
	async send<T extends z.ZodType>(method: 'POST' | 'PUT', path: string, body: unknown, schema: T): Promise<z.infer<T>> {
		return schema.parse(await this.#call(method, path, body));
	}

	async #call(method: string, path: string, body: unknown): Promise<unknown> {
		const answer = await fetch(this.#base + path, {
			method,
			headers: { cookie: this.#cookie, ...(body !== undefined && { 'content-type': 'application/json' }) },
			...(body !== undefined && { body: JSON.stringify(body) }),
			signal: AbortSignal.timeout(30_000),
		});
		const found: unknown = await answer.json().catch(() => undefined);
		if (!answer.ok) {
			const said = problem.safeParse(found);
			const words = `${method} ${path}: ${answer.status} ${said.success ? (said.data.detail ?? said.data.title) : ''}`;
			throw answer.status < 500 ? new RefusedError(words) : new CliError(words);
		}
		return found;
	}
}
