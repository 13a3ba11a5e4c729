/**
 * Telemetry in InfluxDB 1.x. A record always gives the same point, so writing it again changes nothing; a clock correction is
 * written as new points before the old ones are dropped, so that a crash in between leaves work to be done again and nothing
 * else. One server at a time writes to a database.
 */
import {
	recordKinds,
	type RecordKind,
	type StoredEvent,
	type StoredPosition,
	type StoredReading,
	type StoredRecord,
	type StoredWaveform,
	type VehicleId,
} from '@junkai/contracts';
import { RecentSeqs } from '../ingest/ranges.ts';
import { InfluxClient, PointsRefused, type Series } from './influx-client.ts';
import { bootsOfSeries, boundTime, fromRow, measurements, toPoint, type ReadPoint, type RecordPoint } from './influx-points.ts';
import {
	bootKey,
	corrected,
	correctionOf,
	CursorError,
	type ClockCorrection,
	type Latest,
	type Page,
	type PageQuery,
	type TelemetryBatch,
	type TelemetryStore,
	type WriteOutcome,
} from './store.ts';

const POINTS_A_REQUEST = 2000;
const BYTES_A_REQUEST = 8 * 1024 * 1024;
const POINTS_A_REWRITE = 5000;
const REMEMBERED_SEQS = 20_000;
const TOO_OLD = 'older than the store keeps';

class InfluxTelemetry implements TelemetryStore {
	readonly name = 'influxdb';
	readonly #client: InfluxClient;
	/** Known corrections once the database was read for the first time. */
	#known: Promise<Map<string, ClockCorrection>> | null = null;
	/** What this run has written; a record that is sent again need not be written again. */
	readonly #written = new Map<string, RecentSeqs>();
	/** One write at a time: a correction must not run beside a write of the same boot. */
	#last: Promise<unknown> = Promise.resolve();

	constructor(url: string) {
		this.#client = new InfluxClient(url);
	}

	write(batches: readonly TelemetryBatch[]): Promise<WriteOutcome> {
		const mine = this.#last.then(() => this.#write(batches));
		this.#last = mine.catch(() => undefined);
		return mine;
	}

	positions(vehicle: VehicleId, query: PageQuery): Promise<Page<StoredPosition>> {
		return this.#page('position', vehicle, query);
	}

	readings(vehicle: VehicleId, { code, ...query }: Parameters<TelemetryStore['readings']>[1]): Promise<Page<StoredReading>> {
		return this.#page('reading', vehicle, query, code === undefined ? '' : `AND code = '${code}'`);
	}

	waveforms(vehicle: VehicleId, { signal, ...query }: Parameters<TelemetryStore['waveforms']>[1]): Promise<Page<StoredWaveform>> {
		return this.#page('waveform', vehicle, query, signal === undefined ? '' : `AND signal = '${signal}'`);
	}

	events(vehicle: VehicleId, { classes, ...query }: Parameters<TelemetryStore['events']>[1]): Promise<Page<StoredEvent>> {
		const filter = classes === undefined ? '' : `AND (${classes.map((name) => `"class" = '${name}'`).join(' OR ')})`;
		return this.#page('event', vehicle, query, filter);
	}

	async latest(): Promise<Latest[]> {
		await this.#corrections();
		const vehicles = await this.#client.query(`SHOW TAG VALUES FROM "position", "reading" WITH KEY = vehicle`);
		const ids = new Set(vehicles.flatMap(({ values }) => values.map((row) => String(row[1]))));
		return Promise.all([...ids].toSorted().map((vehicle) => this.#latestOf(vehicle)));
	}

	async corrections(): Promise<ClockCorrection[]> {
		return [...(await this.#corrections()).values()];
	}

	check(): Promise<void> {
		return this.#client.check();
	}

	async close(): Promise<void> {
		await this.#last;
	}

	async #write(batches: readonly TelemetryBatch[]): Promise<WriteOutcome> {
		const known = await this.#corrections();
		const outcome: WriteOutcome = { stored: 0, duplicates: 0, refused: [], deferred: [], corrections: [] };
		const fresh = new Map<string, ClockCorrection>();
		for (const { vehicle, records } of batches) {
			for (const record of records) {
				const correction = correctionOf(vehicle, record);
				const key = correction && bootKey(vehicle, correction.boot);
				if (correction && key !== null && !known.has(key) && !fresh.has(key)) fresh.set(key, correction);
			}
		}
		const points: RecordPoint[] = [];
		batches.forEach((batch, index) => {
			const key = bootKey(batch.vehicle, batch.boot);
			const correction = known.get(key) ?? fresh.get(key);
			for (const record of batch.records) {
				if (this.#recent(batch.vehicle, batch.epoch).has(record.seq)) outcome.duplicates++;
				else points.push(toPoint(corrected(record, correction), batch, index));
			}
		});
		for (const part of parts(points)) await this.#writePart(part, outcome);
		for (const [key, correction] of fresh) {
			await this.#correct(correction);
			known.set(key, correction);
			outcome.corrections.push(correction);
		}
		const deferred = new Set(outcome.deferred.map(({ batch, seq }) => `${batch} ${seq}`));
		for (const { vehicle, epoch, seq, batch } of points) {
			if (deferred.has(`${batch} ${seq}`)) continue;
			if (this.#recent(vehicle, epoch).add(seq)) outcome.stored++;
			else outcome.duplicates++;
		}
		outcome.stored -= outcome.refused.length;
		return outcome;
	}

	/** Writes points; when InfluxDB refuses, halves until the bad ones stand alone. */
	async #writePart(points: readonly RecordPoint[], outcome: WriteOutcome): Promise<void> {
		try {
			await this.#client.write(points);
		} catch (error) {
			if (!(error instanceof PointsRefused)) throw error;
			const [first] = points;
			if (points.length === 1 && first) {
				const { batch, seq } = first;
				const reason = reasonOf(error);
				// A clock that was not set says 1970; that is not too old but not yet known.
				if (reason === TOO_OLD && first.tags?.['clock'] === 'unsynchronised') outcome.deferred.push({ batch, seq });
				else outcome.refused.push({ batch, seq, reason });
				return;
			}
			const middle = points.length >> 1;
			await this.#writePart(points.slice(0, middle), outcome);
			await this.#writePart(points.slice(middle), outcome);
		}
	}

	/** Reads corrections once, and finishes those that an earlier run left half done. */
	#corrections(): Promise<Map<string, ClockCorrection>> {
		this.#known ??= this.#readCorrections().catch((error: unknown) => {
			this.#known = null;
			throw error;
		});
		return this.#known;
	}

	async #readCorrections(): Promise<Map<string, ClockCorrection>> {
		await this.#client.createDatabase();
		const known = new Map<string, ClockCorrection>();
		const found = await this.#client.query(
			`SELECT * FROM "event" WHERE code = 'clock-synchronised' GROUP BY vehicle ORDER BY time`,
		);
		for (const { tags, ...series } of found) {
			const vehicle = tags?.['vehicle'] ?? '';
			for (const { record } of readAll('event', [series])) {
				const correction = correctionOf(vehicle, record);
				if (correction && !known.has(bootKey(vehicle, correction.boot))) known.set(bootKey(vehicle, correction.boot), correction);
			}
		}
		const open = await this.#client.query(`SHOW SERIES FROM ${measurements} WHERE clock = 'unsynchronised'`);
		for (const { vehicle, boot } of bootsOfSeries(open.flatMap(({ values }) => values.map((row) => String(row[0]))))) {
			const correction = known.get(bootKey(vehicle, boot));
			if (correction) await this.#correct(correction);
		}
		return known;
	}

	/** Writes a boot's unsynchronised points at their right time, then drops the old ones. */
	async #correct(correction: ClockCorrection): Promise<void> {
		const { vehicle, boot } = correction;
		const where = `vehicle = '${vehicle}' AND boot = '${boot.replace(/[^\w-]/g, '')}' AND clock = 'unsynchronised'`;
		for (const kind of recordKinds) {
			for (let offset = 0; ; offset += POINTS_A_REWRITE) {
				const series = await this.#client.query(
					`SELECT * FROM "${kind}" WHERE ${where} ORDER BY time LIMIT ${POINTS_A_REWRITE} OFFSET ${offset}`,
				);
				const points = readAll(kind, series).map((point) => toPoint(corrected(point.record, correction), { ...point, vehicle }, 0));
				for (const part of parts(points)) await this.#client.write(part);
				if ((series[0]?.values.length ?? 0) < POINTS_A_REWRITE) break;
			}
		}
		await this.#client.query(`DROP SERIES FROM ${measurements} WHERE ${where}`, {}, 'POST');
	}

	async #page<T extends StoredRecord>(kind: RecordKind, vehicle: VehicleId, query: PageQuery, filter = ''): Promise<Page<T>> {
		const cursor = query.after === undefined ? null : parseCursor(query.after);
		const from = cursor?.time ?? boundTime(query.from);
		const skip = cursor?.skip ?? 0;
		const series = await this.#client.query(
			`SELECT * FROM "${kind}" WHERE vehicle = $vehicle AND time >= ${from} AND time < ${boundTime(query.to)} ${filter}
			ORDER BY time LIMIT ${query.limit + 1} OFFSET ${skip}`,
			{ vehicle },
		);
		const points = readAll(kind, series);
		const page = points.slice(0, query.limit);
		const last = page.at(-1);
		if (points.length <= query.limit || !last) return { items: page.map((point) => stored<T>(point)), next: null };
		const same = page.filter(({ time }) => time === last.time).length + (cursor?.time === last.time ? skip : 0);
		return { items: page.map((point) => stored<T>(point)), next: `${last.time}:${same}` };
	}

	async #latestOf(vehicle: VehicleId): Promise<Latest> {
		const [positions, readings] = await Promise.all([
			this.#client.query(`SELECT * FROM "position" WHERE vehicle = $vehicle AND lat >= -90 ORDER BY time DESC LIMIT 1`, {
				vehicle,
			}),
			this.#client.query(`SELECT * FROM "reading" WHERE vehicle = $vehicle GROUP BY code ORDER BY time DESC LIMIT 20`, {
				vehicle,
			}),
		]);
		const [position] = readAll('position', positions);
		// A tag that is grouped by stands beside the rows, not in them. What a device had in its memory is no news.
		const newest = readings.flatMap(({ tags, columns, values, ...series }) => {
			const rows = values.map((row) => [...row, tags?.['code']]);
			const points = readAll('reading', [{ ...series, columns: [...columns, 'code'], values: rows }]);
			return points.find(({ record }) => record.kind === 'reading' && !record.stored) ?? [];
		});
		return {
			vehicle,
			...(position && { position: stored<StoredPosition>(position) }),
			readings: newest.map((point) => stored<StoredReading>(point)),
		};
	}

	#recent(vehicle: VehicleId, epoch: string): RecentSeqs {
		const key = `${vehicle} ${epoch}`;
		const recent = this.#written.get(key) ?? new RecentSeqs(REMEMBERED_SEQS);
		this.#written.delete(key);
		this.#written.set(key, recent);
		if (this.#written.size > 200) this.#written.delete(this.#written.keys().next().value!);
		return recent;
	}
}

/** Telemetry in the InfluxDB database that `url` names. Throws a FleetServerError of code `config`; connects when first used. */
export const influxTelemetry = (url: string): TelemetryStore => new InfluxTelemetry(url);

const readAll = (kind: RecordKind, series: readonly Series[]): ReadPoint[] =>
	series.flatMap(({ columns, values }) => values.flatMap((row) => fromRow(kind, columns, row) ?? []));

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the measurement that was read decides the kind
const stored = <T extends StoredRecord>({ record, epoch, historical, received }: ReadPoint): T =>
	({ ...record, epoch, historical, received }) as unknown as T;

/** Points in requests of bearable size. */
function parts(points: readonly RecordPoint[]): RecordPoint[][] {
	const all: RecordPoint[][] = [];
	let part: RecordPoint[] = [];
	let bytes = 0;
	for (const point of points) {
		const size = 200 + String(point.fields?.['data'] ?? '').length;
		if (part.length >= POINTS_A_REQUEST || bytes + size > BYTES_A_REQUEST) {
			all.push(part);
			part = [];
			bytes = 0;
		}
		part.push(point);
		bytes += size;
	}
	return part.length > 0 ? [...all, part] : all;
}

/** InfluxDB's messages quote the line they refuse; only their kind is handed on. */
function reasonOf(error: PointsRefused): string {
	if (/retention policy/.test(error.message)) return TOO_OLD;
	if (/field type conflict/.test(error.message)) return 'another program uses this field for another type';
	return 'refused by InfluxDB';
}

function parseCursor(text: string): { time: string; skip: number } {
	const found = /^(\d{1,19}):(\d{1,9})$/.exec(text);
	if (!found) throw new CursorError('"after" must be the "next" of the previous page');
	return { time: found[1]!, skip: Number(found[2]) };
}
