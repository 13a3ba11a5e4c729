/**
 * When an alert begins, when it ends, and how urgent it is. `begin` and `end` lie apart, so that a figure about a threshold does not
 * ring again and again. Times in minutes of service time, unless they say otherwise.
 */
export const thresholds = {
	/** Nothing heard of a van with a route. Real time must have passed too: a demonstration's hour may last a minute. */
	silent: { begin: 3, high: 10, wallSeconds: 20, before: 30 },
	/** A stop is reached later than planned. */
	stopLate: { begin: 10, end: 6, high: 30, ahead: 240 },
	/** A consult begins later than planned; its patient and its doctor have to be told. */
	consultLate: { begin: 10, end: 6, high: 25, ahead: 120 },
	/** A doctor sits and waits. */
	doctorWaits: { begin: 10, end: 6, high: 20, ahead: 60 },
	/** A doctor who is away by the records when a consult is to begin. */
	doctorAway: { ahead: 5, over: 60 },
	/** A device that was plugged in is not there. Seconds of the wall clock. */
	deviceLost: { wallSeconds: 30 },
	/** Share of the spool's room that is left. */
	spool: { begin: 0.2, end: 0.3, high: 0.1 },
	/** A manifest was sent and is not kept. Only from so long before the van's route on: a parked van is off. */
	manifest: { begin: 2, wallSeconds: 10, high: 15, before: 60 },
	/** A closed road is so near ahead that it is urgent. */
	roadClosed: { high: 30 },
} as const;
