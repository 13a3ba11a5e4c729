/** Whether anything can come from the patient at all, and what lies over the traces when it cannot. */
import type { Vehicle } from '@junkai/contracts';
import { formatDuration, formatTimeWithSeconds } from '../../shared/i18n/format.ts';
import { useTexts } from '../../shared/i18n/index.ts';
import { useLiveState, useServerNow, type Lost } from '../../shared/live/live-context.tsx';
import type { Patient } from './use-patient.ts';

/** `since` is when the last thing came, by the server clock. */
export interface Reach {
	state: 'good' | 'server-lost' | 'link-lost' | 'switched-off' | 'never';
	since: number | null;
}

/** A van from which nothing was heard for so long is out of reach, whatever the broker still believes, ms. */
const silentAfter = 10_000;
/** A break of this screen's own line that is shorter is no matter, ms. */
const serverGrace = 2500;

export function reachOf(
	vehicle: Vehicle,
	heardLive: number | null,
	live: Pick<Lost, 'phase' | 'lostAt'>,
	now: number,
	localNow: number,
): Reach {
	const lostFor = localNow - live.lostAt;
	if (live.phase !== 'live' && lostFor > serverGrace) return { state: 'server-lost', since: now - lostFor };
	const { link } = vehicle;
	const heard = Math.max(heardLive ?? 0, link.lastSeen ?? 0);
	if (link.state === 'unknown' && heard === 0) return { state: 'never', since: null };
	if (link.state === 'offline' && link.cause === 'farewell') return { state: 'switched-off', since: link.since };
	if (link.state === 'offline' || now - heard > silentAfter) return { state: 'link-lost', since: heard === 0 ? link.since : heard };
	return { state: 'good', since: null };
}

export function useReach(patient: Patient, vehicle: Vehicle): Reach {
	const now = useServerNow(500);
	const live = useLiveState();
	return reachOf(vehicle, patient.heard(), live, now, Date.now());
}

/** Words and the time over the traces, in a form that no device fault and no alarm has. */
export function Cover({ reach: { state, since } }: { reach: Reach }) {
	const { t, language } = useTexts();
	const now = useServerNow(500);
	const when = since === null ? null : { time: formatTimeWithSeconds(since), age: formatDuration(now - since, language) };
	const title = {
		good: null,
		'server-lost': t('trace.serverLost'),
		'link-lost': t('trace.linkLost'),
		'switched-off': t('trace.switchedOff'),
		never: t('trace.never'),
	}[state];
	const text =
		when === null || state === 'never'
			? null
			: state === 'server-lost'
				? t('trace.serverLostText', when)
				: state === 'link-lost'
					? t('trace.linkLostText', when)
					: t('link.since', when);
	return (
		<div className="cover" data-testid="cover" data-state={state}>
			<svg viewBox="0 0 48 24" width="72" height="36" aria-hidden="true">
				<path d="M2 12h14M32 12h14" stroke="currentColor" strokeWidth="3" />
				<path d="M20 4l-4 8 4 8M28 4l4 8-4 8" fill="none" stroke="currentColor" strokeWidth="3" />
			</svg>
			<h2 role="alert">{title}</h2>
			{text !== null && <p>{text}</p>}
		</div>
	);
}
