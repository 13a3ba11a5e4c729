/** The port behind which telemetry is kept. Adapters: SQLite (embedded default) and InfluxDB 1.x. */
import type {
	ClockQuality,
	EventRecord,
	ReadingCode,
	Signal,
	StoredEvent,
	StoredPosition,
	StoredReading,
	StoredWaveform,
	UplinkRecord,
	VehicleId,
} from '@junkai/contracts';
import { z } from 'zod';

/** Sound records of one uplink message, as they were sent. */
export interface TelemetryBatch {
	vehicle: VehicleId;
	epoch: string;
	/** Run of the gateway program that stamped them. */
	boot: string;
	historical: boolean;
	/** By the server's clock, ms. */
	received: number;
	records: readonly UplinkRecord[];
}

/** Milliseconds to add to what a boot stamped while its clock was unsynchronised, and the clock quality that they then have. */
export interface ClockCorrection {
	vehicle: VehicleId;
	boot: string;
	delta: number;
	clock: ClockQuality;
}

export interface WriteOutcome {
	/** Records that are new. */
	stored: number;
	/** Records that were there already; 0 where the store cannot tell. */
	duplicates: number;
	/** Records that the store will never take, by place in the list of batches. */
	refused: { batch: number; seq: number; reason: string }[];
	/** Records that the store cannot take before their clock is corrected: neither acknowledged nor refused, so the van keeps them. */
	deferred: { batch: number; seq: number }[];
	/** Clock corrections that became known with this write. */
	corrections: ClockCorrection[];
}

export interface PageQuery {
	/** Start, included, ms. */
	from: number;
	/** End, excluded, ms. */
	to: number;
	limit: number;
	/** `next` of the page before. A cursor that is not one of ours throws a {@link CursorError}. */
	after?: string | undefined;
}

export interface Page<T> {
	/** By time, oldest first. */
	items: T[];
	next: string | null;
}

/** Newest known values of a vehicle, for a server that has just started. */
export interface Latest {
	vehicle: VehicleId;
	position?: StoredPosition;
	readings: StoredReading[];
}

/** All methods reject with a FleetServerError of code `telemetry` when the store cannot be reached. */
export interface TelemetryStore {
	readonly name: 'sqlite' | 'influxdb';
	/**
	 * Stores batches and settles only when they are durable. Idempotent by (vehicle, epoch, seq): what is there already
	 * stays as it is. A `clock-synchronised` event corrects its boot in the same act, whatever the order of arrival.
	 */
	write(batches: readonly TelemetryBatch[]): Promise<WriteOutcome>;
	positions(vehicle: VehicleId, query: PageQuery): Promise<Page<StoredPosition>>;
	readings(vehicle: VehicleId, query: PageQuery & { code?: ReadingCode | undefined }): Promise<Page<StoredReading>>;
	waveforms(vehicle: VehicleId, query: PageQuery & { signal?: Signal | undefined }): Promise<Page<StoredWaveform>>;
	events(
		vehicle: VehicleId,
		query: PageQuery & { classes?: readonly EventRecord['class'][] | undefined },
	): Promise<Page<StoredEvent>>;
	latest(): Promise<Latest[]>;
	corrections(): Promise<ClockCorrection[]>;
	/** Asks the store for a sign of life. */
	check(): Promise<void>;
	close(): Promise<void>;
}

/** The cursor of a page request is not one that this store gave out. */
export class CursorError extends RangeError {
	override readonly name = 'CursorError';
}

const correctionDetail = z.object({ boot: z.string().min(1).max(64), delta: z.number().min(-8.64e12).max(8.64e12) });

/**
 * The clock correction that a record carries, or null. What a past anchor explains backwards is as good as holdover; a
 * system clock that was set by NTP stays at that.
 */
export function correctionOf(vehicle: VehicleId, record: UplinkRecord): ClockCorrection | null {
	if (record.kind !== 'event' || record.code !== 'clock-synchronised') return null;
	const detail = correctionDetail.safeParse(record.detail);
	if (!detail.success) return null;
	return { vehicle, ...detail.data, clock: record.clock === 'ntp' ? 'ntp' : 'holdover' };
}

/** A record with its time put right, if its clock was not synchronised and a correction is known. */
export function corrected<T extends UplinkRecord>(record: T, correction: ClockCorrection | undefined): T {
	if (correction === undefined || record.clock !== 'unsynchronised') return record;
	return { ...record, time: Math.max(0, record.time + correction.delta), clock: correction.clock };
}

/** Key of a boot in maps. Vehicle ids have no blank. */
export const bootKey = (vehicle: VehicleId, boot: string): string => `${vehicle} ${boot}`;
