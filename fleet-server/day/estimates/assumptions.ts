/**
 * What is taken for granted about how a day goes other than planned. The spread of every ETA follows from these figures and from
 * nothing else; a site that has recorded its own days can put its own in. Standard deviations, as shares or seconds.
 */
export const assumptions = {
	/**
	 * Drives of one van and day are all slower or all faster together: rain, the driver, the load. A share of the driving that is left.
	 * Road authorities publish 95th percentiles of rural trunk roads some 15 to 20 % above the mean; this and the next make up that much.
	 */
	driveTogether: 0.08,
	/** And each drive by itself: a tractor, road works with one lane, a wrong turn. A share of that drive. */
	driveAlone: 0.1,
	/** Parking, finding the door: at each arrival. */
	arrivalSeconds: 20,
	/** A visit takes as long as is planned for it, give or take so much of it: patients differ more than roads do. */
	service: 0.2,
	/** Packing up and leaving, at each stop. */
	leaveSeconds: 30,
	/** Leaving the base in the morning. */
	startSeconds: 120,
	/** A rest is taken as it is planned, give or take. */
	restSeconds: 60,
	/** Who has not left the base long after the time will not at once: the spread grows by so much of the delay. */
	overdue: 0.25,
	/** A van of which nothing was heard may have stopped: a share of the age of its position. */
	age: 0.15,
	/** What a crew says of a delay is a guess: a share of it. */
	toldDelay: 0.3,
	/** With nine chances of ten a normal variable lies within so many standard deviations of its mean. */
	ninety: 1.645,
} as const;
export type Assumptions = Readonly<Record<keyof typeof assumptions, number>>;
