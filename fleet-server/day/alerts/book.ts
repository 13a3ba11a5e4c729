/**
 * The alerts that are open. Rules say each second what they find; the book makes alerts of it, keeps them while the cause lasts, and
 * lets people acknowledge them. Of one kind and subject one alert is open at most; what comes again after it was over is a new one.
 */
import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { Alert } from '@junkai/contracts';
import type { Logger } from 'pino';
import type { ServiceClock } from '../../clock.ts';
import { FleetServerError, messageOf } from '../../errors.ts';
import type { AlertStore, KeptAlert } from './store.ts';

type AlertKind = Alert['kind'];
type Urgency = Alert['urgency'];

/** What a rule finds. */
export interface Finding {
	readonly kind: AlertKind;
	/** Names what it is about, within its kind. */
	readonly subject: string;
	readonly urgency: Urgency;
	/** False: not enough to begin an alert, too much to end one that is open. */
	readonly firm: boolean;
	readonly vehicle?: string | null;
	readonly visit?: number | null;
	readonly doctor?: number | null;
	readonly at?: number | null;
	readonly minutes?: number | null;
	readonly detail?: string | null;
}

/** Kinds whose cause does not go away by itself: they are over when somebody has seen them. */
export const untilSeen: ReadonlySet<AlertKind> = new Set(['records-lost', 'visit-not-done']);

const rank: Readonly<Record<Urgency, number>> = { high: 0, medium: 1, low: 2 };
/** A figure is told again when it has changed by so much. */
const MINUTES_APART = 1;
const TIMES_APART_MS = 60_000;
/** Alerts are kept for so long after they were over. */
const KEEP_MS = 400 * 24 * 3_600_000;
/** More open ones are a fault elsewhere; what comes beyond is in the log. */
const MOST_OPEN = 2000;

export class AlertBook extends EventEmitter<{ alert: [alert: Alert] }> {
	readonly #store: AlertStore;
	readonly #clock: ServiceClock;
	readonly #log: Logger;
	readonly #open = new Map<string, KeptAlert>();

	constructor(store: AlertStore, clock: ServiceClock, log: Logger) {
		super();
		this.#store = store;
		this.#clock = clock;
		this.#log = log;
		for (const alert of store.open()) this.#open.set(keyOf(alert), alert);
		store.forget(clock.now() - KEEP_MS);
	}

	/** Open alerts, the most urgent first. */
	open(): Alert[] {
		return sorted([...this.#open.values()]);
	}

	isOpen(kind: AlertKind, subject: string): boolean {
		return this.#open.has(keyOf({ kind, subject }));
	}

	/** Alerts that were there at some time of a period of service time. */
	between(from: number, to: number): Alert[] {
		return sorted(this.#store.between(from, to));
	}

	/** Takes over all that is found now of some kinds: what is not among it is over. */
	update(kinds: ReadonlySet<AlertKind>, findings: readonly Finding[]): void {
		const now = Math.round(this.#clock.now());
		const found = new Map(findings.map((finding) => [keyOf(finding), finding]));
		for (const [key, alert] of this.#open) {
			if (kinds.has(alert.kind) && !untilSeen.has(alert.kind) && !found.has(key)) this.#put({ ...alert, over: now });
		}
		for (const finding of found.values()) this.#take(finding, now);
	}

	/** Takes over one thing that has happened. */
	raise(finding: Finding): void {
		this.#take(finding, Math.round(this.#clock.now()));
	}

	/** The cause of an alert is gone; nothing when there is none. */
	end(kind: AlertKind, subject: string): void {
		const alert = this.#open.get(keyOf({ kind, subject }));
		if (alert) this.#put({ ...alert, over: Math.round(this.#clock.now()) });
	}

	/** The same, for an alert by its id. */
	endOf(id: string): void {
		const alert = [...this.#open.values()].find((one) => one.id === id);
		if (alert) this.#put({ ...alert, over: Math.round(this.#clock.now()) });
	}

	/**
	 * A person has seen an alert.
	 * @throws FleetServerError `conflict` when somebody did before, naming who; null when there is no such alert
	 */
	acknowledge(id: string, by: string, note: string): Alert | null {
		const alert = [...this.#open.values()].find((one) => one.id === id) ?? this.#store.get(id);
		if (!alert) return null;
		if (alert.acknowledged) {
			const { by: who, note: what } = alert.acknowledged;
			throw new FleetServerError('conflict', `${who} has acknowledged it already${what === '' ? '' : `: ${what}`}`);
		}
		const now = Math.round(this.#clock.now());
		const seen: KeptAlert = {
			...alert,
			acknowledged: { by, at: now, note },
			over: alert.over ?? (untilSeen.has(alert.kind) ? now : null),
		};
		this.#put(seen, true);
		return plain(seen);
	}

	#take(finding: Finding, now: number): void {
		const key = keyOf(finding);
		const before = this.#open.get(key);
		if (!before) {
			if (finding.firm) this.#begin(finding, now);
			return;
		}
		const { urgency, visit = null, doctor = null, at = null, minutes = null, detail = null } = finding;
		if (before.acknowledged && rank[urgency] < rank[before.urgency]) {
			// Somebody saw it when it was less urgent: it has to be seen again.
			this.#put({ ...before, over: now });
			this.#begin(finding, now);
			return;
		}
		const isNews =
			urgency !== before.urgency ||
			visit !== before.visit ||
			doctor !== before.doctor ||
			detail !== before.detail ||
			apart(at, before.at, TIMES_APART_MS) ||
			apart(minutes, before.minutes, MINUTES_APART);
		if (isNews) this.#put({ ...before, urgency, visit, doctor, at, minutes, detail });
	}

	#begin(finding: Finding, now: number): void {
		const {
			kind,
			subject,
			urgency,
			vehicle = null,
			visit = null,
			doctor = null,
			at = null,
			minutes = null,
			detail = null,
		} = finding;
		if (this.#open.size >= MOST_OPEN) {
			this.#log.error({ kind, vehicle }, 'too many alerts are open; this one is not kept');
			return;
		}
		this.#log.info({ kind, urgency, vehicle, visit, doctor }, 'alert');
		this.#put({
			id: randomUUID(),
			kind,
			subject,
			urgency,
			vehicle,
			visit,
			doctor,
			since: now,
			over: null,
			at,
			minutes,
			detail: detail?.slice(0, 200) ?? null,
			acknowledged: null,
		});
	}

	/** A full disk must not hide an alert: it is told all the same. A person's word instead is kept or refused. */
	#put(alert: KeptAlert, mustKeep = false): void {
		try {
			this.#store.save(alert);
		} catch (error) {
			if (mustKeep) throw new FleetServerError('store', `the alert could not be written: ${messageOf(error)}`, { cause: error });
			this.#log.error({ kind: alert.kind, reason: messageOf(error) }, 'an alert could not be written');
		}
		if (alert.over === null) this.#open.set(keyOf(alert), alert);
		else if (this.#open.get(keyOf(alert))?.id === alert.id) this.#open.delete(keyOf(alert));
		this.emit('alert', plain(alert));
	}
}

const keyOf = ({ kind, subject }: { kind: AlertKind; subject: string }): string => `${kind} ${subject}`;
const plain = ({ subject: _subject, ...alert }: KeptAlert): Alert => alert;
const apart = (a: number | null, b: number | null, by: number): boolean =>
	a === null || b === null ? a !== b : Math.abs(a - b) >= by;

/** What lasts before what is over, what nobody has seen before what was seen, by urgency, the newest first. */
function sorted(alerts: readonly KeptAlert[]): Alert[] {
	const order = (alert: KeptAlert): number =>
		(alert.over === null ? 0 : 8) + (alert.acknowledged === null ? 0 : 4) + rank[alert.urgency];
	return alerts.toSorted((a, b) => order(a) - order(b) || b.since - a.since).map(plain);
}
