/**
 * Where the vans are, as a GTFS Realtime 2.0 feed (https://gtfs.org/documentation/realtime/proto/): vehicles and positions alone. There
 * is no trip, no stop and nothing of a patient in it. Field numbers are those of `gtfs-realtime.proto`.
 */
import type { Vehicle } from '@junkai/contracts';
import { distanceKm, type Region } from '@junkai/regions';
import { PbfWriter } from 'pbf';

export interface FeedVehicle {
	readonly id: string;
	readonly label: string;
	readonly latitude: number;
	readonly longitude: number;
	/** Degrees clockwise from north; absent while it stands. */
	readonly bearing: number | undefined;
	/** Metres a second. */
	readonly speed: number | undefined;
	/** Of the fix, whole seconds since 1970. */
	readonly timestamp: number;
}

export interface Feed {
	/** Whole seconds since 1970. */
	readonly timestamp: number;
	readonly vehicles: readonly FeedVehicle[];
}

/** An older position tells a passenger's map nothing; ms. The specification's guidance is 90 s. */
const OLDEST_MS = 90_000;

/** Slower than this a van stands, m/s. */
const STANDING = 1;
/** So near to a hospital or clinic it stands there, km. */
const AT_FACILITY = 0.3;

/**
 * Vans whose newest fix is not older than the specification advises; wall clock. Where a van stands, somebody may live: one that stands
 * anywhere but at a hospital or clinic of the region, or does not say how fast it is, is left out until it drives on.
 */
export function feedOf(vehicles: readonly Vehicle[], now: number, facilities: Region['facilities']): Feed {
	return {
		timestamp: Math.floor(now / 1000),
		vehicles: vehicles.flatMap(({ id, name, position }): FeedVehicle[] => {
			if (position?.lat === undefined || position.lon === undefined || now - position.time > OLDEST_MS) return [];
			const { lat: latitude, lon: longitude, track: bearing, speed, time } = position;
			const near = facilities.some(({ lon, lat }) => distanceKm([lon, lat], [longitude, latitude]) <= AT_FACILITY);
			if ((speed ?? 0) < STANDING && !near) return [];
			return [{ id, label: name, latitude, longitude, bearing, speed, timestamp: Math.floor(time / 1000) }];
		}),
	};
}

/** A `FeedMessage`. */
export function encodeFeed(feed: Feed): Uint8Array {
	const pbf = new PbfWriter();
	pbf.writeMessage(1, writeHeader, feed);
	for (const vehicle of feed.vehicles) pbf.writeMessage(2, writeEntity, vehicle);
	return pbf.finish();
}

function writeHeader({ timestamp }: Feed, pbf: PbfWriter): void {
	pbf.writeStringField(1, '2.0');
	// Incrementality: the whole of it each time.
	pbf.writeVarintField(2, 0);
	pbf.writeVarintField(3, timestamp);
}

function writeEntity(vehicle: FeedVehicle, pbf: PbfWriter): void {
	pbf.writeStringField(1, vehicle.id);
	pbf.writeMessage(4, writeVehicle, vehicle);
}

function writeVehicle(vehicle: FeedVehicle, pbf: PbfWriter): void {
	pbf.writeMessage(2, writePosition, vehicle);
	pbf.writeVarintField(5, vehicle.timestamp);
	pbf.writeMessage(8, writeDescriptor, vehicle);
}

function writePosition({ latitude, longitude, bearing, speed }: FeedVehicle, pbf: PbfWriter): void {
	pbf.writeFloatField(1, latitude);
	pbf.writeFloatField(2, longitude);
	if (bearing !== undefined) pbf.writeFloatField(3, bearing);
	if (speed !== undefined) pbf.writeFloatField(5, speed);
}

function writeDescriptor({ id, label }: FeedVehicle, pbf: PbfWriter): void {
	pbf.writeStringField(1, id);
	pbf.writeStringField(2, label);
}

/** The same in the JSON form of protocol buffers: 64-bit numbers as text, enums by name. */
export const feedAsJson = ({ timestamp, vehicles }: Feed) => ({
	header: { gtfsRealtimeVersion: '2.0', incrementality: 'FULL_DATASET', timestamp: String(timestamp) },
	entity: vehicles.map(({ id, label, latitude, longitude, bearing, speed, timestamp: at }) => ({
		id,
		vehicle: {
			position: {
				latitude,
				longitude,
				...(bearing !== undefined && { bearing }),
				...(speed !== undefined && { speed }),
			},
			timestamp: String(at),
			vehicle: { id, label },
		},
	})),
});
