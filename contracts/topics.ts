/**
 * MQTT topics. Everything a van says or hears is below `junkai/v1/<vehicle>/`, so that a broker can hold each van to its
 * own branch with one rule (`junkai/v1/%u/#` in Mosquitto's words).
 */
import { z } from 'zod';

/** Lower-case letters, digits, `-` and `_`; it stands in topics, addresses and file names. */
export const vehicleId = z
	.string()
	.regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'a vehicle id is 1 to 64 of a-z, 0-9, "-" and "_", starting with a letter or digit')
	.meta({ id: 'VehicleId', description: 'Identifies one van; part of its MQTT topics.' });
export type VehicleId = z.infer<typeof vehicleId>;

/** The uplink's lanes, most urgent first: alarms and positions, numerics, waveforms. */
export const lanes = ['urgent', 'numeric', 'waveform'] as const;
export type Lane = (typeof lanes)[number];

const root = 'junkai/v1';

/** Topics of one van. `up` is van to server, `ack` and `command` server to van. */
export const topics = {
	/** Everything of every van; what a server may read. */
	all: `${root}/#`,
	/** Everything of one van; what that van may publish or subscribe to. */
	branch: (vehicle: VehicleId) => `${root}/${vehicle}/#`,
	/** Retained {@link Birth}: who I am, since when, what is plugged in. */
	birth: (vehicle: VehicleId) => `${root}/${vehicle}/birth`,
	/** Retained {@link Death}: the last will, or a farewell. */
	death: (vehicle: VehicleId) => `${root}/${vehicle}/death`,
	/** {@link GatewayStatus} each few seconds; QoS 0, not spooled: only the newest is of interest. */
	status: (vehicle: VehicleId) => `${root}/${vehicle}/status`,
	/** {@link UplinkBatch} on a lane. */
	up: (vehicle: VehicleId, lane: Lane) => `${root}/${vehicle}/up/${lane}`,
	/** {@link UplinkAck}: what the server has stored durably. */
	ack: (vehicle: VehicleId) => `${root}/${vehicle}/ack`,
	/** {@link Command}. */
	command: (vehicle: VehicleId) => `${root}/${vehicle}/command`,
	/** Retained {@link Manifest}: the route of the plan that holds. */
	manifest: (vehicle: VehicleId) => `${root}/${vehicle}/manifest`,
	/** Retained {@link ManifestReceipt}: which manifest the van keeps. */
	receipt: (vehicle: VehicleId) => `${root}/${vehicle}/receipt`,
} as const;

/** Subscriptions of a server, without any `$share/…/` in front. */
export const serverSubscriptions = [
	`${root}/+/birth`,
	`${root}/+/death`,
	`${root}/+/status`,
	`${root}/+/receipt`,
	`${root}/+/up/+`,
] as const;

export type VanTopic =
	| { vehicle: VehicleId; kind: 'birth' | 'death' | 'status' | 'ack' | 'command' | 'manifest' | 'receipt' }
	| { vehicle: VehicleId; kind: 'up'; lane: Lane };

/** Takes a topic apart; `null` when it is none of ours. */
export function parseTopic(topic: string): VanTopic | null {
	const parts = topic.split('/');
	if (parts[0] !== 'junkai' || parts[1] !== 'v1') return null;
	const vehicle = vehicleId.safeParse(parts[2]);
	if (!vehicle.success) return null;
	const kind = parts[3];
	if (kind === 'up' && parts.length === 5) {
		const lane = lanes.find((l) => l === parts[4]);
		return lane === undefined ? null : { vehicle: vehicle.data, kind, lane };
	}
	if (parts.length !== 4) return null;
	const plain = ['birth', 'death', 'status', 'ack', 'command', 'manifest', 'receipt'] as const;
	const known = plain.find((one) => one === kind);
	return known === undefined ? null : { vehicle: vehicle.data, kind: known };
}
