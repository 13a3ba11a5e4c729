/** A thin wrapper around the InfluxDB client: no retries of its own, bounded waiting, and errors without secrets. */
import { InfluxDB, type IPoint } from 'influx';
import { FleetServerError } from '../errors.ts';

const TIMEOUT_MS = 10_000;

export interface Series {
	name: string;
	tags?: Record<string, string>;
	columns: string[];
	values: unknown[][];
}

/** InfluxDB refused these very points; sending them again would not help. */
export class PointsRefused extends Error {
	override readonly name = 'PointsRefused';
}

/** Ingest has its own patience: a host is never set aside, and nothing is tried twice behind its back. */
const noBackoff = { getDelay: () => 0, next: () => noBackoff, reset: () => noBackoff };

export class InfluxClient {
	readonly database: string;
	readonly #influx: InfluxDB;

	/** `url` is like http://user:password@host:8086/junkai. Throws a FleetServerError of code `config`. */
	constructor(url: string) {
		const { hostname, port, protocol, pathname, username, password } = new URL(url);
		const database = decodeURIComponent(pathname.slice(1));
		if (!/^[\w.-]{1,64}$/.test(database)) {
			throw new FleetServerError('config', 'INFLUX_URL: expected a database as path, for example http://127.0.0.1:8086/junkai');
		}
		this.database = database;
		this.#influx = new InfluxDB({
			database,
			hosts: [
				{
					host: hostname,
					port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port),
					protocol: protocol === 'https:' ? 'https' : 'http',
				},
			],
			...(username !== '' && { username: decodeURIComponent(username), password: decodeURIComponent(password) }),
			pool: { requestTimeout: TIMEOUT_MS, maxRetries: 0, backoff: noBackoff },
		});
	}

	/** Makes the database unless it is there; without the right to make one, it has to be there. */
	async createDatabase(): Promise<void> {
		await this.#guard(() => this.#influx.createDatabase(this.database)).catch((error: unknown) => {
			if (!(error instanceof PointsRefused)) throw error;
		});
	}

	/** Rejects with PointsRefused or a FleetServerError of code `telemetry`. */
	write(points: readonly IPoint[]): Promise<void> {
		return this.#guard(() => this.#influx.writePoints([...points], { precision: 'n' }));
	}

	/** One statement; `$name` stands for a value of `values`. Times come as RFC 3339 with nanoseconds. */
	async query(statement: string, values: Record<string, string | number> = {}, method: 'GET' | 'POST' = 'GET'): Promise<Series[]> {
		const answer = (await this.#guard(() => this.#influx.queryRaw(statement, { placeholders: values, method }))) as {
			results?: { series?: Series[]; error?: string }[];
		};
		const result = answer.results?.[0];
		if (result?.error !== undefined) throw new FleetServerError('telemetry', `InfluxDB refuses a query: ${result.error}`);
		return result?.series ?? [];
	}

	async check(): Promise<void> {
		const [host] = await this.#influx.ping(2000);
		if (!host?.online) throw new FleetServerError('telemetry', 'InfluxDB does not answer');
	}

	/** The client's errors carry the request with its Authorization header: nothing of them is handed on but the message. */
	async #guard<T>(act: () => Promise<T>): Promise<T> {
		try {
			return await act();
		} catch (error) {
			const { message, res } = error as { message?: unknown; res?: { statusCode?: number } };
			const reason = String(message).slice(0, 300);
			const status = res?.statusCode;
			if (status === 400 || status === 413) throw new PointsRefused(reason);
			const hint = status === 401 || status === 403 ? ' (check user and password in INFLUX_URL)' : '';
			throw new FleetServerError('telemetry', `InfluxDB: ${reason}${hint}`);
		}
	}
}
