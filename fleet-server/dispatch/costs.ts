/** What things cost in a plan, yen. Assumptions, named in docs/planning.md; only their proportions decide. */

/** Crew and vehicle on the road, an hour of travel; fuel and wear, a kilometre. */
export const VEHICLE_COSTS = { per_hour: 3600, per_km: 40 } as const;
/** Asking a patient to come to a covered place. */
export const MEETING_COST = 800;
/** So many such places are thought of, so near by. */
export const MEETING_POINTS = 3;
export const MEETING_WITHIN_KM = 12;
/** Another time (by more than the tolerance), van or doctor than was promised. */
export const CHANGE_COST = 3000;
/** A visit may begin so much earlier or later than promised before it counts as changed, seconds. */
export const TOLERANCE = 900;
/** An hour before or after the hours that a patient likes. */
export const PREFERRED_COST_PER_HOUR = 600;
/** The next visit of a series by another crew than the one before. */
export const OTHER_CREW_COST = 500;
/** Weight of fairness at 1: a municipality with ten visits costs as much as this when it loses three of them, nearly. */
export const FAIRNESS_WEIGHT = 1000;
