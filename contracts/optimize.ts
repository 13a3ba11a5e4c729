/**
 * A routing problem and its answer: VROOM's JSON (https://github.com/VROOM-Project/vroom, docs/API.md, version 1.15), whole, and
 * what it has not: doctors, consults, appointments, meeting points, series, fairness, trips, driver's hours. A problem that uses
 * none of the additions means the same here and there. Times are seconds (of any origin), distances metres, coordinates
 * `[longitude, latitude]`. Unknown keys are ignored, as VROOM ignores them.
 */
import { z } from 'zod';

const id = z.int().min(0);
const seconds = z.int().min(0).max(1_000_000_000);
/** A point in time; up to the year 9999 when it is a Unix time. */
const instant = z.int().min(0).max(253_402_300_799);
const money = z.int().min(0).max(1_000_000_000);
const quantities = z.array(z.int().min(0).max(1_000_000_000)).max(16);
const skillSet = z.array(z.int().min(0)).max(256);
const text = z.string().max(2000);
const index = z.int().min(0);

export const coordinates = z
	.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)])
	.meta({ id: 'Coordinates', description: 'Longitude, latitude (WGS 84).' });
export type Coordinates = z.infer<typeof coordinates>;

/** `[start, end]`, both included. */
export const timeWindow = z
	.tuple([instant, instant])
	.refine(([start, end]) => start <= end, 'the time window ends before it starts')
	.meta({ id: 'TimeWindow', description: 'Start and end in seconds, both included.' });
export type TimeWindow = z.infer<typeof timeWindow>;

/** Sorted and apart, as VROOM wants them. */
const timeWindows = z
	.array(timeWindow)
	.min(1)
	.max(100)
	.refine(
		(windows) => windows.every((window, at) => at === 0 || window[0] > (windows[at - 1]?.[1] ?? 0)),
		'time windows must be in order and must not overlap',
	);

const place = { location: coordinates.optional(), location_index: index.optional() };

const task = {
	...place,
	description: text.optional(),
	setup: seconds.optional(),
	service: seconds.optional(),
	setup_per_type: z.record(z.string(), seconds).optional(),
	service_per_type: z.record(z.string(), seconds).optional(),
	time_windows: timeWindows.optional(),
};
/*
 * Setup is spent when the place differs from that of the stop before: the start, a task, a reload, or a break that has a place
 * (without a start, the first task always has it). Time windows bound the start of setup and service, which is arrival + waiting.
 */

/**
 * A doctor joins this job. The service is nurse's preparation, doctor's part and nurse's rest, one after the other without a
 * pause, so `service` must not be given. The doctor is taken from service start + setup + preparation for `duration` seconds.
 */
export const consult = z
	.object({
		preparation: seconds.default(0),
		duration: seconds.min(1),
		rest: seconds.default(0),
		doctors: z.array(id).min(1).max(500).optional().meta({ description: 'One of these doctors; any when absent.' }),
		specialties: z.array(text).max(20).optional().meta({ description: 'The doctor has all of them.' }),
		institution: text.optional().meta({ description: 'The doctor belongs to it.' }),
	})
	.meta({ id: 'Consult' });
export type Consult = z.infer<typeof consult>;

/** Another place where the job may be done, chosen when it pays: a covered car park near a house without signal. */
export const meetingPoint = z
	.object({
		...place,
		description: text.optional(),
		cost: money.default(0).meta({ description: 'Price of asking the patient to come there.' }),
		signal: z.boolean().default(true),
	})
	.meta({ id: 'MeetingPoint' });
export type MeetingPoint = z.infer<typeof meetingPoint>;

/**
 * A time that was promised. Another start (arrival + waiting) by more than `tolerance`, another vehicle or doctor than named here:
 * `change_cost`, once. Nothing when the job is left out: that counts for more already.
 */
export const appointment = z
	.object({
		start: instant,
		tolerance: seconds.default(900),
		vehicle: id.optional(),
		doctor: id.optional(),
		change_cost: money,
	})
	.meta({ id: 'Appointment' });

/** A wish: each hour that the start (arrival + waiting) lies before or after the window costs `cost_per_hour`, by the second, rounded per job. */
export const preferredWindow = z.object({ time_window: timeWindow, cost_per_hour: money }).meta({ id: 'PreferredWindow' });

export const planJob = z
	.object({
		id,
		...task,
		amount: quantities.optional().meta({ description: "VROOM's old word for `delivery`." }),
		delivery: quantities.optional(),
		pickup: quantities.optional(),
		skills: skillSet.optional(),
		priority: z.int().min(0).max(100).optional(),
		consult: consult.optional(),
		signal: z.boolean().optional().meta({ description: 'False: no signal at the place, so no consult can be held there.' }),
		meeting_points: z.array(meetingPoint).max(20).optional(),
		appointment: appointment.optional(),
		preferred: preferredWindow.optional(),
		vehicles: z.array(id).min(1).max(1000).optional().meta({ description: 'Only one of these vehicles may do it.' }),
		group: text.optional().meta({ description: 'Municipality, for `fairness`.' }),
	})
	.refine((job) => !job.consult || (job.service === undefined && job.service_per_type === undefined), {
		message: 'a job with a consult takes its service time from the consult; leave out service and service_per_type',
		path: ['service'],
	})
	.meta({ id: 'PlanJob' });
export type PlanJob = z.infer<typeof planJob>;

const shipmentStep = z.object({ id, ...task }).meta({ id: 'ShipmentStep' });

export const shipment = z
	.object({
		pickup: shipmentStep,
		delivery: shipmentStep,
		amount: quantities.optional(),
		skills: skillSet.optional(),
		priority: z.int().min(0).max(100).optional(),
	})
	.meta({ id: 'Shipment' });
export type Shipment = z.infer<typeof shipment>;

export const planBreak = z
	.object({
		id,
		description: text.optional(),
		time_windows: timeWindows.optional(),
		service: seconds.optional(),
		max_load: quantities.optional(),
		locations: z
			.array(z.object({ ...place, description: text.optional() }))
			.min(1)
			.max(50)
			.optional()
			.meta({
				description:
					'The break is taken at one of these places (lunch where there is one), after driving there; anywhere on the way when absent. Breaks come in the order of their first windows, as in VROOM.',
			}),
	})
	.meta({ id: 'PlanBreak' });

export const vehicleCosts = z
	.object({
		fixed: money.optional(),
		per_hour: money.optional(),
		per_task_hour: money.optional(),
		per_km: money.optional(),
	})
	.meta({ id: 'VehicleCosts' });

export const vehicleStep = z
	.object({
		type: z.enum(['start', 'job', 'pickup', 'delivery', 'break', 'end']),
		id: id.optional(),
		service_at: instant.optional(),
		service_after: instant.optional(),
		service_before: instant.optional(),
		pinned: z.boolean().optional().meta({
			description:
				'The route begins with the pinned steps, in their order; `service_*` of them hold (driven already, or promised). `service_at` is a fact and replaces the time windows of task or break; the other two narrow them. Of a pinned `start` they bound the departure. Reloads between pinned steps are free.',
		}),
	})
	.meta({ id: 'VehicleStep' });

export const planVehicle = z
	.object({
		id,
		profile: z.string().min(1).max(100).optional(),
		description: text.optional(),
		start: coordinates.optional(),
		start_index: index.optional(),
		end: coordinates.optional(),
		end_index: index.optional(),
		capacity: quantities.optional(),
		costs: vehicleCosts.optional(),
		skills: skillSet.optional(),
		type: text.optional(),
		time_window: timeWindow.optional(),
		breaks: z.array(planBreak).max(20).optional(),
		speed_factor: z.number().positive().max(5).optional(),
		max_tasks: z.int().min(0).optional(),
		max_travel_time: seconds.optional(),
		max_distance: z.int().min(0).optional(),
		steps: z.array(vehicleStep).max(5000).optional(),
		max_duration: seconds.optional().meta({
			description:
				'Longest time from leaving the start (without one: from arriving at the first stop) to reaching the end (without one: to leaving the last stop), waits and breaks included.',
		}),
		driving_limit: z
			.object({ seconds: seconds.min(1), rest: seconds.min(1) })
			.optional()
			.meta({
				description:
					'At most `seconds` of travel without a rest; a break, or setup and service at a stop (task or reload), of `rest` seconds or more is one. Waiting is not.',
			}),
		max_trips: z
			.int()
			.min(1)
			.max(20)
			.optional()
			.meta({ description: 'How often the vehicle may leave loaded (reloads + 1); 1 when absent.' }),
		reload: z
			.object({ ...place, service: seconds.default(0) })
			.optional()
			.meta({
				description:
					'Where and how long it takes stock between two trips; at its start (its end when it has none), 0 s, when absent. There it puts down what jobs gave it (`pickup`) and takes what the jobs up to the next reload or the end need (`delivery`); no shipment is on board then. Its service counts as service, as that of a break does.',
			}),
		day: z.int().min(0).max(10_000).optional().meta({ description: 'Day number, for `series`; 0 when absent.' }),
		crew: text.optional().meta({ description: 'Who is on board, for `series`.' }),
	})
	.meta({ id: 'PlanVehicle' });
export type PlanVehicle = z.infer<typeof planVehicle>;

/** A person who attends one patient at a time, in whichever vehicle. */
export const doctor = z
	.object({
		id,
		description: text.optional(),
		specialties: z.array(text).max(50).optional(),
		institution: text.optional(),
		time_windows: timeWindows
			.optional()
			.meta({ description: 'Hours; a consult lies wholly within one of them. Always when absent.' }),
	})
	.meta({ id: 'PlanDoctor' });
export type PlanDoctor = z.infer<typeof doctor>;

/**
 * Visits that return. Of two assigned jobs at places i < j of `jobs`, the days of their vehicles lie (j - i) × gap[0] to
 * (j - i) × gap[1] apart, the later job later. Each assigned job whose crew (weekday: day modulo 7) differs from that of the
 * assigned job before it in the list costs `other_crew_cost` (`other_weekday_cost`).
 */
export const series = z
	.object({
		id,
		jobs: z.array(id).min(2).max(400),
		gap: z
			.tuple([z.int().min(0).max(3660), z.int().min(0).max(3660)])
			.refine(([least, most]) => least <= most, 'the longest gap is shorter than the shortest'),
		other_crew_cost: money.default(0),
		other_weekday_cost: money.default(0),
	})
	.meta({ id: 'Series' });

/** Cost per group of jobs (jobs without `group` have none): `weight` × (jobs left out)² / need, rounded; need is the number of the group's jobs unless given. */
export const fairness = z.object({ weight: money, need: z.record(z.string(), z.int().min(1)).optional() }).meta({ id: 'Fairness' });

/** Rows of whole numbers ≥ 0. Checked by hand: a schema an element would take seconds for a thousand places. */
export const matrix = z
	.custom<readonly (readonly number[])[]>((value) => Array.isArray(value), 'expected an array of rows')
	.superRefine((rows, context) => {
		const cells: readonly unknown[] = rows;
		if (cells.length === 0) context.addIssue({ code: 'custom', message: 'the matrix is empty' });
		for (const [at, row] of cells.entries()) {
			if (!Array.isArray(row)) {
				context.addIssue({ code: 'custom', path: [at], message: 'expected a row: an array of whole numbers' });
				return;
			}
			if (row.length !== cells.length) {
				context.addIssue({
					code: 'custom',
					path: [at],
					message: `a matrix is square: expected ${cells.length} numbers in this row, found ${row.length}`,
				});
				return;
			}
			for (let column = 0; column < row.length; column++) {
				const cell: unknown = row[column];
				if (typeof cell === 'number' && Number.isInteger(cell) && cell >= 0 && cell <= 0xffffffff) continue;
				context.addIssue({ code: 'custom', path: [at, column], message: 'expected a whole number from 0 to 4294967295' });
				return;
			}
		}
	})
	.meta({ id: 'Matrix', type: 'array', items: { type: 'array', items: { type: 'integer', minimum: 0 } } });

export const matrices = z.object({ durations: matrix.optional(), distances: matrix.optional(), costs: matrix.optional() }).meta({
	id: 'ProfileMatrices',
	description: 'Seconds, metres and cost from row to column; 4294967295 means that there is no way.',
});

/** Cell of a matrix that says: no way from here to there. */
export const NO_WAY = 0xffffffff;

/**
 * The problem. Jobs, shipments and vehicles may be absent or empty. With `matrices` for every profile in use, places are
 * given by `*_index`; without, by coordinates, and the road engine is asked.
 */
export const planProblem = z
	.object({
		jobs: z.array(planJob).optional(),
		shipments: z.array(shipment).optional(),
		vehicles: z.array(planVehicle).min(1, 'at least one vehicle is needed'),
		matrices: z.record(z.string(), matrices).optional(),
		matrix: matrix.optional().meta({ description: "VROOM's old word for the durations of profile `car`." }),
		doctors: z.array(doctor).max(2000).optional(),
		series: z.array(series).optional(),
		fairness: fairness.optional(),
	})
	.meta({ id: 'PlanProblem' });
export type PlanProblem = z.infer<typeof planProblem>;
export type PlanProblemInput = z.input<typeof planProblem>;

/** What VROOM calls the cause of a violation, and the additions' own. */
export const violationCauses = [
	'delay',
	'lead_time',
	'load',
	'max_tasks',
	'skills',
	'precedence',
	'missing_break',
	'max_travel_time',
	'max_distance',
	'max_load',
	'no_way',
	'vehicles',
	'doctor',
	'signal',
	'max_duration',
	'driving_limit',
	'max_trips',
	'series',
	'pinned',
] as const;
export const violation = z.object({ cause: z.enum(violationCauses), duration: z.int().optional() }).meta({
	id: 'PlanViolation',
	description: '`duration`: seconds too early or too late, or seconds (metres for a distance) over.',
});
export type PlanViolation = z.infer<typeof violation>;

const totals = {
	cost: z.number(),
	setup: z.number(),
	service: z.number(),
	duration: z.number(),
	waiting_time: z.number(),
	priority: z.number(),
	delivery: z.array(z.number()).optional(),
	pickup: z.array(z.number()).optional(),
	amount: z.array(z.number()).optional(),
	distance: z.number().optional(),
	violations: z.array(violation),
};

export const planStep = z
	.object({
		type: z.enum(['start', 'job', 'pickup', 'delivery', 'break', 'reload', 'end']),
		id: id.optional(),
		job: id.optional(),
		description: z.string().optional(),
		location: coordinates.optional(),
		location_index: index.optional(),
		arrival: z.number(),
		duration: z.number().meta({ description: 'Travel time up to here.' }),
		setup: z.number(),
		service: z.number(),
		waiting_time: z.number(),
		load: z.array(z.number()).optional(),
		distance: z.number().optional(),
		violations: z.array(violation),
		consult: z.object({ doctor: id, start: z.number(), end: z.number() }).optional(),
		meeting_point: z.int().optional().meta({ description: 'Which of `meeting_points` was chosen; absent: the place of the job.' }),
	})
	.meta({ id: 'PlanStep' });
export type PlanStep = z.infer<typeof planStep>;

export const planRoute = z
	.object({
		vehicle: id,
		description: z.string().optional(),
		steps: z.array(planStep),
		geometry: z.string().optional().meta({ description: 'Encoded polyline, precision 5.' }),
		...totals,
	})
	.meta({ id: 'PlanRoute' });
export type PlanRoute = z.infer<typeof planRoute>;

/** The rule that keeps a job out, in the words of `violationCauses` where they fit. */
export const blockingRules = [
	'skills',
	'vehicles',
	'signal',
	'doctor_missing',
	'doctor_hours',
	'doctor_busy',
	'no_way',
	'time_window',
	'vehicle_hours',
	'break',
	'load',
	'max_tasks',
	'max_travel_time',
	'max_distance',
	'max_duration',
	'driving_limit',
	'max_trips',
	'series',
	'pinned',
	'priority',
] as const;
export type BlockingRule = (typeof blockingRules)[number];
export const blocking = z
	.object({
		rule: z.enum(blockingRules),
		vehicle: id.optional().meta({ description: 'In the route of this vehicle; absent: everywhere.' }),
		doctor: id.optional(),
		by: z.number().optional().meta({ description: 'By how much, at the least.' }),
		unit: z.enum(['s', 'm', 'tasks', 'units', 'days', 'trips']).optional(),
		message: z.string().meta({ description: 'The same in words, English.' }),
	})
	.meta({ id: 'PlanBlocking' });
export type Blocking = z.infer<typeof blocking>;

export const unassignedTask = z
	.object({
		id,
		type: z.enum(['job', 'pickup', 'delivery']),
		description: z.string().optional(),
		location: coordinates.optional(),
		location_index: index.optional(),
		reasons: z.array(blocking).optional().meta({ description: 'Why it fits in no route: one for each vehicle, or one for all.' }),
		nearest: blocking.optional().meta({ description: 'The smallest change that would let it in.' }),
	})
	.meta({ id: 'UnassignedTask' });
export type UnassignedTask = z.infer<typeof unassignedTask>;

/** Cost by kind; the sum is `cost` of the summary, up to rounding by one unit a route. */
export const costKinds = [
	'fixed',
	'travel',
	'distance',
	'task',
	'meeting',
	'preferred',
	'appointment',
	'series',
	'fairness',
] as const;

export const planSolution = z
	.object({
		code: z.int(),
		error: z.string().optional(),
		summary: z
			.object({
				...totals,
				routes: z.int(),
				unassigned: z.int(),
				computing_times: z.object({ loading: z.number(), solving: z.number(), routing: z.number() }).partial().optional(),
				costs: z.partialRecord(z.enum(costKinds), z.number()).optional(),
			})
			.optional(),
		unassigned: z.array(unassignedTask).optional(),
		routes: z.array(planRoute).optional(),
		doctors: z
			.array(
				z.object({
					doctor: id,
					consults: z.array(z.object({ job: id, vehicle: id, start: z.number(), end: z.number() })),
				}),
			)
			.optional()
			.meta({ description: 'The same consults, in the order of each doctor.' }),
	})
	.meta({ id: 'PlanSolution' });
export type PlanSolution = z.infer<typeof planSolution>;
