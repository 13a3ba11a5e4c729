/** What about a van needs a person's eye, from what the server knows of it. Pure, so that list, map and tests agree. */
import type { Vehicle } from '@junkai/contracts';

export const attentionKinds = [
	'link-lost',
	'silent',
	'spool-shed',
	'spool-filling',
	'port-lost',
	'port-silent',
	'no-fix',
	'clock',
	'refused',
	'stopped',
	'never-seen',
] as const;
export type AttentionKind = (typeof attentionKinds)[number];

/** `urgent`: nobody knows how the van is, or data is being lost. `warning`: something does not work. `notice`: good to know. */
export type Urgency = 'urgent' | 'warning' | 'notice';

export interface Attention {
	kind: AttentionKind;
	urgency: Urgency;
	/** When it began, server clock, where known. */
	since: number | null;
	/** Label of the device concerned. */
	device?: string;
	/** A count that belongs to the sentence: records shed or refused, megabytes free. */
	count?: number;
}

/** A van that is said to be online but was not heard for so long is silent, ms. A gateway reports each few seconds. */
export const silentAfter = 20_000;
/** A fix older than this is no longer where the van is, ms. */
export const fixOldAfter = 30_000;
const spoolFillingBelow = 0.15;

const rank: Record<Urgency, number> = { urgent: 0, warning: 1, notice: 2 };

/** Urgent first, and within that the order of {@link attentionKinds}. */
export function attentionOf(vehicle: Vehicle, now: number): Attention[] {
	const found: Attention[] = [...ofLink(vehicle, now), ...ofSpool(vehicle)];
	// The last words of a van that is gone say nothing of its ports now.
	if (vehicle.link.state === 'online') {
		found.push(...ofPorts(vehicle));
		const fix = vehicle.position;
		if (vehicle.devices.some((d) => d.driver === 'nmea' && d.state === 'open') && (fix === null || now - fix.time > fixOldAfter)) {
			found.push({ kind: 'no-fix', urgency: 'warning', since: fix?.time ?? null });
		}
		if (vehicle.clock === 'unsynchronised') found.push({ kind: 'clock', urgency: 'warning', since: null });
	}
	return found.toSorted(
		(a, b) => rank[a.urgency] - rank[b.urgency] || attentionKinds.indexOf(a.kind) - attentionKinds.indexOf(b.kind),
	);
}

function ofLink({ link }: Vehicle, now: number): Attention[] {
	if (link.state === 'unknown' && link.lastSeen === null) return [{ kind: 'never-seen', urgency: 'notice', since: link.since }];
	if (link.state === 'offline') {
		return link.cause === 'farewell'
			? [{ kind: 'stopped', urgency: 'notice', since: link.since }]
			: [{ kind: 'link-lost', urgency: 'urgent', since: link.since ?? link.lastSeen }];
	}
	if (link.lastSeen !== null && now - link.lastSeen > silentAfter) {
		return [{ kind: 'silent', urgency: 'urgent', since: link.lastSeen }];
	}
	return [];
}

function ofPorts({ devices }: Vehicle): Attention[] {
	return devices.flatMap((d): Attention[] => {
		if (d.state === 'lost') return [{ kind: 'port-lost', urgency: 'warning', since: d.since, device: d.label }];
		if (d.state === 'silent') return [{ kind: 'port-silent', urgency: 'warning', since: d.lastData ?? d.since, device: d.label }];
		return [];
	});
}

function ofSpool({ spool }: Vehicle): Attention[] {
	if (spool === null) return [];
	const found: Attention[] = [];
	const filling = spool.free !== undefined && spool.free < (spool.free + spool.bytes) * spoolFillingBelow;
	// The count stays for as long as the spool lives: urgent only while more may be lost.
	if (spool.shed > 0) found.push({ kind: 'spool-shed', urgency: filling ? 'urgent' : 'warning', since: null, count: spool.shed });
	if (filling && spool.free !== undefined) {
		found.push({ kind: 'spool-filling', urgency: 'warning', since: null, count: Math.round(spool.free / 1_000_000) });
	}
	if (spool.refused > 0) found.push({ kind: 'refused', urgency: 'notice', since: null, count: spool.refused });
	return found;
}

/** The worst of a van; `null` when all is well. */
export const worst = (items: readonly Attention[]): Urgency | null => items[0]?.urgency ?? null;

const names = new Intl.Collator('ja', { numeric: true });

/** Order of the list: by worst urgency, then by name, so that rows move only when a van's state does. */
export function byUrgency(now: number): (a: Vehicle, b: Vehicle) => number {
	// Each van is looked at once, however often it is compared.
	const known = new Map<Vehicle, number>();
	const of = (v: Vehicle) => {
		let found = known.get(v);
		if (found === undefined) {
			const urgency = worst(attentionOf(v, now));
			known.set(v, (found = urgency === null ? 3 : rank[urgency]));
		}
		return found;
	};
	return (a, b) => of(a) - of(b) || names.compare(a.name, b.name) || a.id.localeCompare(b.id);
}

/** How a van looks on the map and in lists. */
export type VanLook = 'moving' | 'still' | 'old' | 'offline' | 'off';

/** Slower than walking is standing: a receiver at rest reports a few tenths of a metre per second. */
const movingAbove = 0.8;

export function lookOf(vehicle: Vehicle, now: number): VanLook {
	if (vehicle.link.state === 'offline') return vehicle.link.cause === 'farewell' ? 'off' : 'offline';
	if (vehicle.link.state === 'unknown' && vehicle.link.lastSeen === null) return 'off';
	if (vehicle.position === null || now - vehicle.position.time > fixOldAfter) return 'old';
	return (vehicle.position.speed ?? 0) > movingAbove ? 'moving' : 'still';
}

/** 1 for a fix of now, falling to 0.45 at ten minutes; never less: a van does not disappear for being old. */
export function opacityOf(age: number): number {
	if (age <= fixOldAfter) return 1;
	const share = Math.min(1, (age - fixOldAfter) / (600_000 - fixOldAfter));
	return 0.8 - 0.35 * share;
}
