/** What a timeline is given and what it tells. */
import type { ReactNode } from 'react';
import type { Aim, Target } from './aim.ts';
import type { TimelineData } from './model.ts';

export type TimelineSelection =
	{ kind: 'visit'; visit: number } | { kind: 'vehicle'; vehicle: string } | { kind: 'doctor'; doctor: number };

/** Names that a plan does not hold. What is not known yet is null; the number or the place stands in for it. */
export interface TimelineNames {
	vehicle: (vehicle: string) => string;
	/** Of the visit's patient. */
	patient: (visit: number) => string | null;
}

/** Where a changed route would lie, once the server has reckoned it. */
export interface GhostVisit {
	visit: number;
	from: number;
	to: number;
	consult: { from: number; to: number } | null;
}

/** Changing by hand. The timeline tells what a hand does; what comes of it is the caller's. */
export interface TimelineEditing {
	/** What is in the hand. */
	aim: Aim | null;
	/** Of the lane at which the hand aims; null as long as it is not known. */
	ghost: readonly GhostVisit[] | null;
	forbidden: boolean;
	/** Shown at the hand: the consequence in words. */
	bubble: ReactNode;
	/** The hand took a visit or moved on; called often. */
	onAim: (aim: Aim) => void;
	/** It let go. Without a target nothing is to happen. */
	onDrop: (visit: number, target: Target | null) => void;
	onCancel: () => void;
	/** What lies under the hand outside of lanes and tray: the caller's own, such as another day. */
	onPass?: (under: Element | null) => void;
}

export interface TimelineProps {
	data: TimelineData;
	/** For screen readers: which plan, which day. */
	label: string;
	/** `live` draws the plan as the shadow of what is expected, with the bounds, when `data` holds estimates. */
	mode: 'plan' | 'live';
	/** Service time, ms; a line stands there when it lies on the axis. Null: no line. */
	now: number | null;
	selection: TimelineSelection | null;
	onSelect: (selection: TimelineSelection | null) => void;
	names: TimelineNames;
	/** Visits that keep van and time. */
	pinned?: ReadonlySet<number>;
	/** Vans whose routes nothing may change. */
	locked?: ReadonlySet<string>;
	/** Only these visits are painted, all others pale: for differences. */
	marked?: ReadonlySet<number>;
	/** Absent: nothing can be moved. */
	editing?: TimelineEditing;
	/** At the end of the bar above the lanes. */
	tools?: ReactNode;
}
